package dev.weft.cli.function;

import dev.weft.cli.client.Refusal;
import dev.weft.runtime.FunctionProgram;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

@Command(
        name = "run",
        description = "Builds a function and serves it here in the foreground, without a platform.",
        footer = {"", "Examples:", "  weft fn run -p hello", "  weft fn run --port 9000"})
final class FnRun implements Callable<Integer> {

    private static final int USUAL = 8080;
    private static final String LOOPBACK = "127.0.0.1";

    @Mixin
    private final ProjectOption project = new ProjectOption();

    @Option(names = "--port", paramLabel = "PORT", defaultValue = "0", description = "Default: 8080, or a free one.")
    private int port;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        FuncYaml yaml = project.yaml();
        yaml.remarks().forEach(spec.commandLine().getErr()::println);
        Build.Built built = new Build(project.folder(), yaml, FunctionProgram.interfaces())
                .run(spec.commandLine().getErr());
        List<String> command = switch (built) {
            case Build.Built.Function function -> FunctionProgram.command(function.classpath(), function.className());
            case Build.Built.Command program -> program.command();
        };
        int chosen = port > 0 ? port : free();
        Path directory = built instanceof Build.Built.Command program ? program.directory() : project.folder();
        ProcessBuilder builder = process(command, directory, Path.of(System.getProperty("java.home")));
        Map<String, String> environment = builder.environment();
        Documents documents =
                new Documents(yaml, "default", name -> System.getenv().getOrDefault(name, ""));
        for (JsonNode variable : documents.service(built).at("/spec/template/spec/containers/0/env")) {
            if (variable.has("value")) {
                environment.put(
                        variable.path("name").asString(""),
                        variable.path("value").asString(""));
            } else {
                spec.commandLine()
                        .getErr()
                        .println(variable.path("name").asString("")
                                + " is not set: only a platform has Secrets and ConfigMaps");
            }
        }
        environment.put("PORT", Integer.toString(chosen));
        environment.put("K_SERVICE", yaml.name());
        spec.commandLine().getOut().println("http://" + LOOPBACK + ":" + chosen);
        spec.commandLine().getOut().flush();
        try {
            Process process = builder.start();
            Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(process::destroy));
            return process.waitFor() == 0 ? 0 : 1;
        } catch (IOException e) {
            throw Refusal.failed("it cannot be started: " + e.getMessage());
        }
    }

    /** With the Java that runs this, whatever the path says, and reachable from this machine alone. */
    static ProcessBuilder process(List<String> command, Path directory, Path javaHome) {
        List<String> words = new ArrayList<>(command);
        Path programs = javaHome.resolve("bin");
        if (words.getFirst().equals("java")) {
            words.set(0, programs.resolve("java").toString());
        }
        ProcessBuilder builder =
                new ProcessBuilder(words).directory(directory.toFile()).inheritIO();
        Map<String, String> environment = builder.environment();
        environment.put("JAVA_HOME", javaHome.toString());
        environment.merge("PATH", programs.toString(), (others, own) -> own + File.pathSeparator + others);
        environment.put(FunctionProgram.ADDRESS, LOOPBACK);
        return builder;
    }

    private static int free() {
        for (int wanted : new int[] {USUAL, 0}) {
            try (ServerSocket socket = new ServerSocket()) {
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), wanted));
                return socket.getLocalPort();
            } catch (IOException e) {
                if (wanted == 0) {
                    throw Refusal.failed("there is no free port: " + e.getMessage());
                }
            }
        }
        return USUAL;
    }
}
