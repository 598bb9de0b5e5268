package dev.weft.cli.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** A {@code weft up} of its own, started as a user starts it. Its output goes to {@code DIR/up.log}. */
final class ChildPlatform implements AutoCloseable {

    private static final Duration STOP_LIMIT = Duration.ofSeconds(15);

    private final Process process;
    private final Path log;
    private final long startedNanos;

    private ChildPlatform(Process process, Path log, long startedNanos) {
        this.process = process;
        this.log = log;
        this.startedNanos = startedNanos;
    }

    /**
     * Starts it and returns at once.
     *
     * @param ports HTTP, HTTPS, API and console
     */
    static ChildPlatform start(Path home, Path folder, List<Path> paths, List<Integer> ports) throws IOException {
        List<String> command = new java.util.ArrayList<>();
        command.add(home.resolve("weft").toString());
        command.add("up");
        paths.forEach(path -> command.add(path.toString()));
        command.addAll(List.of("--data", folder.resolve("data").toString()));
        List<String> options = List.of("--http-port", "--https-port", "--api-port", "--console-port");
        for (int i = 0; i < options.size(); i++) {
            command.add(options.get(i));
            command.add(Integer.toString(ports.get(i)));
        }
        Path log = folder.resolve("up.log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().put("WEFT_BUILD", "never");
        long now = System.nanoTime();
        return new ChildPlatform(builder.start(), log, now);
    }

    /** {@link System#nanoTime()} just before its process was started. */
    long startedNanos() {
        return startedNanos;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** What it printed so far. */
    String output() {
        try {
            return Files.exists(log) ? Files.readString(log) : "";
        } catch (IOException e) {
            return "its log cannot be read: " + e;
        }
    }

    /** How it says that its pods are connected, waiting a moment for its word. */
    String pods() {
        Pattern line = Pattern.compile("^  pods +(.*)$", Pattern.MULTILINE);
        return Await.until(
                "the start message's line on pods",
                STOP_LIMIT,
                () -> line.matcher(output()).results().findFirst().map(found -> found.group(1)),
                this::output);
    }

    /** Resident memory in MiB, 0 where the system does not say. */
    long residentMebibytes() {
        try {
            return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }

    /** Asks it to stop and waits; a process that does not is killed. Returns its exit code. */
    int stop() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            return -1;
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        stop();
    }
}
