package dev.weft.cli.command;

import dev.weft.cli.client.OutputFormat;
import dev.weft.cli.client.Table;
import dev.weft.cli.option.OutputOption;
import dev.weft.runtime.check.Finding;
import dev.weft.runtime.check.MachineCheck;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "check",
        description = {
            "Tries what this machine lets Weft do, and says what to do about what it does not.",
            "With -f: reads files, and says what is wrong in them."
        },
        footer = {
            "",
            "Exit code 1 when something is missing that Weft cannot run without, or a file has a fault.",
            "",
            "Examples:",
            "  weft check",
            "  weft check -f folder"
        })
final class Check implements Callable<Integer> {

    @Option(
            names = {"-f", "--filename"},
            paramLabel = "FILE",
            description = "Checks a file, a folder, or standard input (-) in place of the machine; may be repeated.")
    private List<Path> files = List.of();

    @Mixin
    private final OutputOption output = new OutputOption();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (!files.isEmpty()) {
            return checkFiles();
        }
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

    /** Without a platform: whether what a file refers to exists is not asked. */
    private int checkFiles() {
        Declared declared = Declared.read(files, List::of);
        if (output.format() != OutputFormat.TABLE) {
            Table table = new Table("SEVERITY", "PROBLEM");
            declared.problems().forEach(each -> table.row(each.severity().name().toLowerCase(Locale.ROOT), each));
            spec.commandLine().getOut().print(table.print(output.format()));
            return declared.good() ? 0 : 1;
        }
        boolean good = declared.report(spec.commandLine().getErr());
        int count = declared.entries().size();
        spec.commandLine().getOut().println(count + (count == 1 ? " resource is" : " resources are") + " well formed");
        return good ? 0 : 1;
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
