package dev.weft.runtime.host;

import dev.weft.runtime.host.http.Handler;
import dev.weft.runtime.host.http.HttpServing;
import dev.weft.runtime.host.http.LongestAnswer;
import dev.weft.runtime.host.shape.Shapes;
import dev.weft.runtime.host.shape.Unsuitable;
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.MalformedURLException;
import java.net.ServerSocket;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The program of a function's process: {@code FunctionHost CLASSPATH CLASS[::MEMBER]}. The function has a class loader of its
 * own whose parent knows the JDK alone. Ends with code 1, and its reason on the error stream, when the function cannot be
 * made; at SIGTERM it answers what it has begun, then ends.
 */
public final class FunctionHost {

    /** The address it listens on; all of the machine's where nothing is said. */
    public static final String ADDRESS = "WEFT_LISTEN_ADDRESS";

    /** Interfaces that functions usually leave to their framework; the function's own go first. */
    static final String INTERFACES = "weft.interfaces";

    private static final int BACKLOG = 1024;

    private FunctionHost() {}

    /** Serves until the process is ended. */
    public static void main(String[] arguments) {
        if (arguments.length != 2) {
            System.err.println("usage: FunctionHost CLASSPATH CLASS");
            System.exit(2);
        }
        run(arguments[0], arguments[1]);
    }

    static void run(String classpath, String className) {
        String port = System.getenv().getOrDefault("PORT", "8080");
        try {
            Handler function = load(classpath, className);
            serve(function, Integer.parseInt(port));
        } catch (Unsuitable e) {
            System.err.println("function " + className + ": " + e.getMessage());
            if (e.getCause() != null) {
                e.getCause().printStackTrace();
            }
            System.exit(1);
        } catch (IOException | NumberFormatException e) {
            System.err.println("function " + className + ": cannot listen on port " + port + ": " + e.getMessage());
            System.exit(1);
        }
    }

    static Handler load(String classpath, String name) throws Unsuitable {
        int colons = name.indexOf("::");
        String className = colons < 0 ? name : name.substring(0, colons);
        Optional<String> member = colons < 0 ? Optional.empty() : Optional.of(name.substring(colons + 2));
        URLClassLoader loader = new URLClassLoader(urls(classpath), ClassLoader.getPlatformClassLoader());
        Thread.currentThread().setContextClassLoader(loader);
        try {
            return Shapes.of(Class.forName(className, true, loader), member);
        } catch (ClassNotFoundException e) {
            throw new Unsuitable("there is no such class in " + classpath);
        } catch (NoClassDefFoundError e) {
            throw new Unsuitable(
                    "its class path lacks " + String.valueOf(e.getMessage()).replace('/', '.'), e);
        } catch (LinkageError e) {
            throw new Unsuitable("it cannot be made", e);
        }
    }

    private static URL[] urls(String classpath) throws Unsuitable {
        List<String> paths = new ArrayList<>(List.of(classpath.split(File.pathSeparator, -1)));
        String interfaces = System.getProperty(INTERFACES, "");
        if (!interfaces.isEmpty()) {
            paths.addAll(List.of(interfaces.split(File.pathSeparator, -1)));
        }
        URL[] urls = new URL[paths.size()];
        for (int i = 0; i < urls.length; i++) {
            try {
                urls[i] = new File(paths.get(i)).toURI().toURL();
            } catch (MalformedURLException e) {
                throw new Unsuitable("the class path has an entry that is no path: " + paths.get(i));
            }
        }
        return urls;
    }

    private static void serve(Handler function, int port) throws IOException {
        ServerSocket listener = new ServerSocket();
        listener.bind(address(System.getenv(), port), BACKLOG);
        Duration longest = LongestAnswer.in(System.getenv()).orElse(Duration.ZERO);
        HttpServing serving = new HttpServing(listener, function, longest, FunctionHost::giveUp);
        Runtime.getRuntime().addShutdownHook(new Thread(serving::finish, "finish"));
        System.out.println("listening on " + port);
        serving.run();
    }

    static InetSocketAddress address(Map<String, String> environment, int port) {
        String address = environment.getOrDefault(ADDRESS, "");
        return address.isEmpty() ? new InetSocketAddress(port) : new InetSocketAddress(address, port);
    }

    /** At once: an orderly end would wait for the very request that does not end. */
    private static void giveUp() {
        Runtime.getRuntime().halt(1);
    }
}
