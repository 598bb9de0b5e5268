package dev.weft.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A {@code weft up} on free ports. */
final class RunningPlatform implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration UP_LIMIT = Duration.ofMinutes(3);

    static {
        System.setProperty("jdk.httpclient.allowRestrictedHeaders", "host"); // read when the client's classes load
    }

    private final Path data;
    private final Path log;
    private final Process process;
    private final int httpPort;
    private final int httpsPort;

    private RunningPlatform(Path data, Path log, Process process, int httpPort, int httpsPort) {
        this.data = data;
        this.log = log;
        this.process = process;
        this.httpPort = httpPort;
        this.httpsPort = httpsPort;
    }

    /** Starts it and waits until it says that it is up. */
    static RunningPlatform start(Path data, Path... paths) {
        return start(data, "", paths);
    }

    /** The same with more options for its JVM. */
    static RunningPlatform start(Path data, String options, Path... paths) {
        return start(data, paths, arguments -> {
            ProcessBuilder builder = WeftCommand.builder(
                    Path.of("").toAbsolutePath(), WeftCommand.command(arguments.toArray(String[]::new)));
            builder.environment().merge("WEFT_JAVA_OPTS", options, (before, more) -> before + " " + more);
            return builder;
        });
    }

    /** The same with its pods connected so, by the account that this says. */
    static RunningPlatform start(Path data, Setting setting, Path... paths) {
        return start(data, paths, arguments -> {
            arguments.addAll(setting.arguments());
            return setting.builder(data.getParent(), arguments);
        });
    }

    private static RunningPlatform start(Path data, Path[] paths, Function<List<String>, ProcessBuilder> command) {
        try {
            List<Integer> ports = TestPorts.free(4);
            List<String> arguments = new ArrayList<>(List.of("up"));
            for (Path path : paths) {
                arguments.add(path.toString());
            }
            arguments.addAll(List.of(
                    "--data", data.toString(), "--http-port", ports.get(0).toString()));
            arguments.addAll(List.of(
                    "--https-port",
                    ports.get(1).toString(),
                    "--api-port",
                    ports.get(2).toString()));
            arguments.addAll(List.of("--console-port", ports.get(3).toString()));
            Path log = Files.createTempFile("weft-up", ".log");
            Process process = command.apply(arguments)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            RunningPlatform platform = new RunningPlatform(data, log, process, ports.get(0), ports.get(1));
            platform.await("weft: up", () -> platform.output().contains("weft: up"), UP_LIMIT, platform::output);
            return platform;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int httpPort() {
        return httpPort;
    }

    String output() {
        return read(log);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Process process() {
        return process;
    }

    /** Where this machine reaches its API. */
    int apiPort() {
        Matcher port = Pattern.compile("127\\.0\\.0\\.1:(\\d+)").matcher(read(data.resolve("kubeconfig")));
        return port.results()
                .map(found -> Integer.parseInt(found.group(1)))
                .findFirst()
                .orElseThrow();
    }

    WeftCommand.Result kubectl(String... arguments) {
        return WeftCommand.run(120, kubectlBuilder(arguments));
    }

    /** A kubectl whose editor writes {@code third} for {@code second}; its cache goes with the data. */
    ProcessBuilder kubectlBuilder(String... arguments) {
        List<String> command = new ArrayList<>(
                List.of("kubectl", "--kubeconfig", data.resolve("kubeconfig").toString()));
        command.addAll(List.of("--cache-dir", data.resolve("kubectl-cache").toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = WeftCommand.builder(Path.of("").toAbsolutePath(), command);
        builder.environment().put("KUBE_EDITOR", "sed -i s/second/third/");
        return builder;
    }

    WeftCommand.Result weft(String... arguments) {
        List<String> command = new ArrayList<>(List.of(arguments));
        command.addAll(List.of("--data", data.toString()));
        return WeftCommand.weft(command.toArray(String[]::new));
    }

    /** The edge's answer, told apart by {@code NAME.localhost}. */
    HttpResponse<String> get(String host, String path) {
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://127.0.0.1:" + httpPort + path);
            return client.send(
                    HttpRequest.newBuilder(uri).header("Host", host).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** The edge's answer over HTTPS to a client that trusts this authority alone. */
    String curl(Path authority, String host) {
        List<String> command = new ArrayList<>(List.of("curl", "-sS", "--cacert", authority.toString()));
        command.addAll(List.of("--connect-to", "::127.0.0.1:" + httpsPort, "https://" + host + "/"));
        return WeftCommand.run(Path.of("").toAbsolutePath(), 60, command).output();
    }

    /** The certificates, in PEM, that the edge shows to a client that asks for this host. */
    String shownTo(String host) {
        List<String> command = new ArrayList<>(List.of("curl", "-sk", "-o", "/dev/null", "-w", "%{certs}"));
        command.addAll(List.of("--connect-to", "::127.0.0.1:" + httpsPort, "https://" + host + "/"));
        return WeftCommand.run(Path.of("").toAbsolutePath(), 60, command).output();
    }

    /** Waits until kubectl prints this text. */
    void awaitKubectl(String expected, String... arguments) {
        await(
                "\"" + expected + "\" from kubectl " + String.join(" ", arguments),
                () -> kubectl(arguments).output().contains(expected),
                PATIENCE,
                () -> kubectl(arguments).output() + "\n" + output());
    }

    void awaitOutput(String expected) {
        await("\"" + expected + "\"", () -> output().contains(expected), PATIENCE, this::output);
    }

    /** Waits until a file that somebody writes has this text. */
    void await(String what, Path file, String expected) {
        await(what, () -> read(file).contains(expected), PATIENCE, () -> read(file) + "\n" + output());
    }

    private void await(String expected, BooleanSupplier look, Duration limit, Supplier<String> found) {
        Eventually.holds(
                expected,
                limit,
                () -> {
                    if (!process.isAlive()) {
                        throw new AssertionError("weft up ended with " + process.exitValue() + ":\n" + output());
                    }
                    return look.getAsBoolean();
                },
                found::get);
    }

    /** Every process that it started, and theirs. */
    List<ProcessHandle> children() {
        return process.descendants().toList();
    }

    /** Ends it with kill -9 and waits until it is gone. */
    void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    static void awaitGone(List<ProcessHandle> processes) {
        CompletableFuture.allOf(processes.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new))
                .orTimeout(60, TimeUnit.SECONDS)
                .join();
    }

    /** Stops it as Ctrl-C does; its exit code. */
    int stop() {
        process.destroy();
        return process.onExit().orTimeout(120, TimeUnit.SECONDS).join().exitValue();
    }

    @Override
    public void close() throws IOException {
        try {
            if (process.isAlive()) {
                stop();
            }
        } finally {
            process.destroyForcibly(); // else the next tests share the machine with it
            Files.deleteIfExists(log);
        }
    }
}
