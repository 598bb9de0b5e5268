package dev.weft.runtime.host;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.InetSocketAddress;
import java.net.MalformedURLException;
import java.net.ServerSocket;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;

/**
 * The program of a function's process: {@code FunctionHost CLASSPATH CLASS}. The function has a class loader of its own
 * whose parent knows the JDK alone. Ends with code 1, and its reason on the error stream, when the function cannot be
 * made; at SIGTERM it answers what it has begun, then ends.
 */
public final class FunctionHost {

    private static final int BACKLOG = 1024;

    private FunctionHost() {}

    /** Serves until the process is ended. */
    public static void main(String[] arguments) {
        if (arguments.length != 2) {
            System.err.println("usage: FunctionHost CLASSPATH CLASS");
            System.exit(2);
        }
        String port = System.getenv().getOrDefault("PORT", "8080");
        try {
            TextFunction function = load(arguments[0], arguments[1]);
            serve(function, Integer.parseInt(port));
        } catch (Refusal e) {
            System.err.println("function " + arguments[1] + ": " + e.getMessage());
            if (e.getCause() != null) {
                e.getCause().printStackTrace();
            }
            System.exit(1);
        } catch (IOException | NumberFormatException e) {
            System.err.println("function " + arguments[1] + ": cannot listen on port " + port + ": " + e.getMessage());
            System.exit(1);
        }
    }

    /** Why there is no function; the cause is the function's own failure, if it is one. */
    static final class Refusal extends Exception {
        private static final long serialVersionUID = 1;

        Refusal(String message) {
            super(message);
        }

        Refusal(String message, Throwable cause) {
            super(message, cause);
        }
    }

    static TextFunction load(String classpath, String className) throws Refusal {
        URLClassLoader loader = new URLClassLoader(urls(classpath), ClassLoader.getPlatformClassLoader());
        Thread.currentThread().setContextClassLoader(loader);
        try {
            Class<?> type = Class.forName(className, true, loader);
            return TextFunction.of(type.getConstructor().newInstance());
        } catch (ClassNotFoundException e) {
            throw new Refusal("there is no such class in " + classpath);
        } catch (NoSuchMethodException e) {
            throw new Refusal("the class has no public constructor without parameters");
        } catch (InvocationTargetException e) {
            throw new Refusal("its constructor has failed", e.getCause() == null ? e : e.getCause());
        } catch (ReflectiveOperationException | LinkageError e) {
            throw new Refusal("it cannot be made", e);
        }
    }

    private static URL[] urls(String classpath) throws Refusal {
        List<String> paths = List.of(classpath.split(File.pathSeparator, -1));
        URL[] urls = new URL[paths.size()];
        for (int i = 0; i < urls.length; i++) {
            try {
                urls[i] = new File(paths.get(i)).toURI().toURL();
            } catch (MalformedURLException e) {
                throw new Refusal("the class path has an entry that is no path: " + paths.get(i));
            }
        }
        return urls;
    }

    private static void serve(TextFunction function, int port) throws IOException {
        ServerSocket listener = new ServerSocket();
        listener.bind(new InetSocketAddress(port), BACKLOG);
        HttpServing serving = new HttpServing(listener, function);
        Runtime.getRuntime().addShutdownHook(new Thread(serving::finish, "finish"));
        System.out.println("listening on " + port);
        serving.run();
    }
}
