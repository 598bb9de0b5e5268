package dev.weft.cli.command;

import dev.weft.cli.client.Refusal;
import dev.weft.cli.option.ApiOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes everything that is declared into a file, while the platform runs. */
@Command(
        name = "backup",
        description = "Writes everything that is declared into a file, while the platform runs.",
        footer = {
            "",
            "Secrets are in it: the file is for its owner alone. Keys and certificates of this data directory are not,",
            "nor what follows from other resources: pods of Deployments, endpoints, events.",
            "",
            "Example:",
            "  weft backup shop.backup"
        })
final class Backup implements Callable<Integer> {

    @Parameters(paramLabel = "FILE", description = "Where to write; a file that is there is replaced.")
    private Path file = Path.of("");

    @Mixin
    private final ApiOption api = new ApiOption();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        String text = api.client().text("/weft/v1/backup", "application/x-ndjson");
        Path target = file.toAbsolutePath();
        try {
            write(target, text);
        } catch (IOException e) {
            throw Refusal.failed(file + " cannot be written: " + e);
        }
        long resources = text.lines().count() - 2; // a heading and a last line around them
        spec.commandLine().getOut().println(resources + " resources written to " + file);
        return 0;
    }

    /** Writes the file as a whole or not at all; nothing else stays beside it. */
    static void write(Path target, String text) throws IOException {
        var ownerOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        Path whole = Files.createTempFile(target.getParent(), ".backup", "", ownerOnly);
        try {
            Files.writeString(whole, text);
            Files.move(whole, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(whole);
        }
    }
}
