package dev.weft.cli.command;

import dev.weft.cli.client.OutputFormat;
import dev.weft.cli.client.Refusal;
import dev.weft.cli.client.Table;
import dev.weft.cli.option.OutputOption;
import dev.weft.model.outcome.ErrorCode;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "explain",
        description =
                "Explains a code of the weft-error header: its cause and what to do. Without a code: all of them.",
        footer = {"", "Examples:", "  weft explain access-denied", "  weft explain -o json"})
final class Explain implements Callable<Integer> {

    @Parameters(arity = "0..1", paramLabel = "CODE", description = "For example access-denied.")
    private String code = "";

    @Mixin
    private final OutputOption output = new OutputOption();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        String wanted = code.toLowerCase(Locale.ROOT).replace('_', '-');
        List<ErrorCode> found = Arrays.stream(ErrorCode.values())
                .filter(candidate -> wanted.isEmpty() || candidate.code().equals(wanted))
                .toList();
        if (found.isEmpty()) {
            throw Refusal.impossible("no error code \"" + code + "\"; weft explain lists them all");
        }
        spec.commandLine().getOut().print(print(found, wanted.isEmpty()));
        return 0;
    }

    private String print(List<ErrorCode> found, boolean all) {
        if (output.format() != OutputFormat.TABLE) {
            Table table = new Table("CODE", "STATUS", "CAUSE", "REMEDY");
            found.forEach(each -> table.row(each.code(), each.status(), each.cause(), each.remedy()));
            return table.print(output.format());
        }
        if (all) {
            Table table = new Table("CODE", "STATUS", "CAUSE");
            found.forEach(each -> table.row(each.code(), each.status(), each.cause()));
            return table.print(output.format());
        }
        ErrorCode one = found.getFirst();
        return "weft-error: %s (status %d)%n  %s%n  %s%n"
                .formatted(one.code(), one.status(), one.cause(), one.remedy());
    }
}
