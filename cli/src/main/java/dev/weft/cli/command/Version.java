package dev.weft.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(name = "version", description = "Prints the versions of Weft and of the Java that runs it.")
final class Version implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Properties built = built();
        spec.commandLine()
                .getOut()
                .printf(
                        "weft %s (built %s), Java %s (%s)%n",
                        built.getProperty("version", "unbuilt"),
                        built.getProperty("built", "at an unknown time"),
                        Runtime.version(),
                        System.getProperty("java.home"));
        return 0;
    }

    /** What the build said of itself; empty before the first one. */
    static Properties built() throws IOException {
        Properties built = new Properties();
        Path stamp = Home.path().resolve("cli/target/weft/built");
        if (Files.isReadable(stamp)) {
            try (var in = Files.newInputStream(stamp)) {
                built.load(in);
            }
        }
        return built;
    }
}
