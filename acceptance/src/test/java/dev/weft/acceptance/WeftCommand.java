package dev.weft.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The {@code ./weft} of this build, run to its end. */
final class WeftCommand {

    /** The root of the clone. */
    static final Path HOME = Path.of("").toAbsolutePath().getParent();

    /**
     * What a run gave.
     *
     * @param output standard output and error, as they came
     */
    record Result(int exitCode, String output) {}

    private WeftCommand() {}

    static Result weft(String... arguments) {
        return run(Path.of("").toAbsolutePath(), 400, command(arguments));
    }

    static List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(List.of(HOME.resolve("weft").toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    /** Runs any command; one that is not over in time is killed. */
    static Result run(Path directory, int secondsMax, List<String> command) {
        return run(secondsMax, builder(directory, command));
    }

    static Result run(int secondsMax, ProcessBuilder builder) {
        try {
            Path output = Files.createTempFile("weft-acceptance", ".log");
            try {
                Process process = builder.redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
                boolean over = process.waitFor(secondsMax, TimeUnit.SECONDS);
                if (!over) {
                    process.destroyForcibly().waitFor();
                }
                String text = Files.readString(output, StandardCharsets.UTF_8);
                return new Result(over ? process.exitValue() : -1, over ? text : "not over in time:\n" + text);
            } finally {
                Files.delete(output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** A test never builds: it is part of the build. */
    static ProcessBuilder builder(Path directory, List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.environment().put("WEFT_BUILD", "never");
        return builder;
    }
}
