package dev.weft.cli.option;

import dev.weft.cli.client.OutputFormat;
import dev.weft.cli.client.Texts;
import java.util.function.Function;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code --data} and {@code -o}, on every command that prints one answer of a running platform. */
public final class AnswerOptions {

    @Mixin
    private final ApiOption api = new ApiOption();

    @Mixin
    private final OutputOption output = new OutputOption();

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    /** Prints what the API answers at this path, as this text where a table is wanted; the command's exit code. */
    public int print(String path, Function<JsonNode, String> table) {
        JsonNode answer = api.client().get(path);
        OutputFormat format = output.format();
        command.commandLine()
                .getOut()
                .print(format == OutputFormat.TABLE ? table.apply(answer) : Texts.print(answer, format));
        return 0;
    }
}
