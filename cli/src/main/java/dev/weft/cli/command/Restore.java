package dev.weft.cli.command;

import dev.weft.cli.client.Refusal;
import dev.weft.cli.option.ApiOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes everything that is declared be as a backup says, while the platform runs. */
@Command(
        name = "restore",
        description = "Makes everything that is declared be as a backup says, while the platform runs.",
        footer = {
            "",
            "Resources that are not in the backup go. All of it happens at once or not at all. Files that weft up",
            "follows are applied again when they change.",
            "",
            "Example:",
            "  weft restore shop.backup"
        })
final class Restore implements Callable<Integer> {

    @Parameters(paramLabel = "FILE", description = "What weft backup wrote.")
    private Path file = Path.of("");

    @Mixin
    private final ApiOption api = new ApiOption();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        String text;
        try {
            text = Files.readString(file);
        } catch (IOException e) {
            throw Refusal.impossible(file + " cannot be read: " + e);
        }
        String said = api.client()
                .send("POST", "/weft/v1/backup", "application/x-ndjson", text)
                .path("message")
                .asString("");
        spec.commandLine().getOut().println(said);
        return 0;
    }
}
