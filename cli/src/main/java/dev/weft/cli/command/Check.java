package dev.weft.cli.command;

import dev.weft.cli.client.OutputFormat;
import dev.weft.cli.client.Table;
import dev.weft.cli.option.OutputOption;
import dev.weft.runtime.check.Finding;
import dev.weft.runtime.check.MachineCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "check",
        description = "Tries what this machine lets Weft do, and says what to do about what it does not.",
        footer = {
            "",
            "Exit code 1 when something is missing that Weft cannot run without.",
            "",
            "Examples:",
            "  weft check"
        })
final class Check implements Callable<Integer> {

    @Mixin
    private final OutputOption output = new OutputOption();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    private CommandSpec spec;

    @Override
    public Integer call() {
        List<Finding> findings = new ArrayList<>();
        findings.add(new Finding(
                "java", Finding.Level.WORKS, Runtime.version() + " in " + System.getProperty("java.home"), ""));
        findings.addAll(MachineCheck.run());
        if (output.format() == OutputFormat.TABLE) {
            findings.forEach(this::print);
        } else {
            Table table = new Table("SUBJECT", "LEVEL", "MESSAGE", "REMEDY");
            findings.forEach(each -> table.row(each.subject(), word(each), each.message(), each.remedy()));
            spec.commandLine().getOut().print(table.print(output.format()));
        }
        return findings.stream().anyMatch(each -> each.level() == Finding.Level.MISSING) ? 1 : 0;
    }

    private void print(Finding finding) {
        spec.commandLine().getOut().printf("%-8s %s: %s%n", word(finding), finding.subject(), finding.message());
        if (!finding.remedy().isEmpty()) {
            spec.commandLine().getOut().print(finding.remedy().indent(9));
        }
    }

    private static String word(Finding finding) {
        return finding.level().name().toLowerCase(Locale.ROOT);
    }
}
