package dev.weft.cli.command;

import dev.weft.cli.client.Refusal;
import dev.weft.cli.function.Dev;
import dev.weft.cli.function.Fn;
import dev.weft.resources.RefusedException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** The root command: parses, runs one command, and turns faults into one line and an exit code. */
@Command(
        name = "weft",
        description = "Edge gateway, service mesh, scale-to-zero functions and service catalogue in one program.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Examples:",
            "  weft up examples/faas                 run a folder of YAML and follow its changes",
            "  weft demo faas                        the demonstration, every statement of it asserted",
            "  weft help up                          the options of one command",
            "",
            "Exit codes: 0 done; 1 the thing asked for failed; 2 used wrongly, or not possible here."
        },
        subcommands = {
            Apply.class,
            Backup.class,
            Certificate.class,
            Check.class,
            DataPlane.class,
            Delete.class,
            Demo.class,
            Dev.class,
            Edges.class,
            Explain.class,
            Fn.class,
            Get.class,
            HelpCommand.class,
            Identity.class,
            Logs.class,
            Restore.class,
            Routes.class,
            Stat.class,
            Tap.class,
            Train.class,
            Up.class,
            Version.class,
            Why.class,
            WhyScale.class
        })
public final class Weft {

    /** The commands of the list in {@code weft help}, by what they are for. */
    private static final Map<String, List<String>> GROUPS = groups();

    private Weft() {}

    /** Runs one command line and returns its exit code. */
    public static int run(String... arguments) {
        CommandLine line = commandLine();
        if (arguments.length == 0) {
            line.usage(line.getErr());
            return 2;
        }
        int code = line.execute(arguments);
        line.getOut().flush();
        line.getErr().flush();
        return code;
    }

    /** The same, printing elsewhere. */
    static int run(PrintWriter out, String... arguments) {
        return commandLine().setOut(out).setErr(out).execute(arguments);
    }

    private static CommandLine commandLine() {
        CommandLine line = new CommandLine(new Weft());
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setUsageHelpWidth(110);
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            if (failure instanceof Refusal refusal) {
                command.getErr().println("weft: " + refusal.getMessage());
                return refusal.exitCode();
            }
            if (failure instanceof RefusedException refused) { // the store's own words, of a full disk for example
                command.getErr().println("weft: " + refused.getMessage());
                return 1;
            }
            command.getErr().println("weft: a bug: " + failure);
            failure.printStackTrace(command.getErr());
            return 1;
        });
        line.setParameterExceptionHandler((failure, arguments) -> {
            CommandLine command = failure.getCommandLine();
            command.getErr().println("weft: " + failure.getMessage());
            String name = command.getCommandSpec().name();
            command.getErr()
                    .println("  weft help" + (name.equals("weft") ? "" : " " + name) + " shows how it is used.");
            return 2;
        });
        addHelp(line);
        line.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST_HEADING, help -> "");
        Objects.requireNonNull(line.getSubcommands().get("help"))
                .getCommandSpec()
                .usageMessage()
                .description("Prints the help of a command.");
        line.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, Weft::commandList);
        return line;
    }

    /** What people try first; {@code weft help COMMAND} prints the same. */
    private static void addHelp(CommandLine line) {
        line.getSubcommands().values().forEach(Weft::addHelp);
        if (!line.getCommandSpec().optionsMap().containsKey("--help")) {
            line.getCommandSpec()
                    .addOption(OptionSpec.builder("-h", "--help")
                            .usageHelp(true)
                            .description("Prints this help.")
                            .build());
        }
    }

    private static String commandList(Help help) {
        StringBuilder text = new StringBuilder();
        Map<String, Help> commands = new LinkedHashMap<>(help.subcommands());
        GROUPS.forEach((group, names) -> {
            List<String> lines = new ArrayList<>();
            for (String name : names) {
                Help command = commands.get(name);
                if (command != null) {
                    String[] description = command.commandSpec().usageMessage().description();
                    lines.add("  %-11s %s%n".formatted(name, description[0]));
                }
            }
            if (!lines.isEmpty()) {
                text.append("%n%s%n".formatted(group)).append(String.join("", lines));
            }
        });
        return text.toString();
    }

    private static Map<String, List<String>> groups() {
        Map<String, List<String>> groups = new LinkedHashMap<>();
        groups.put("Run", List.of("up", "proxy", "demo", "check"));
        groups.put("Functions", List.of("fn", "dev"));
        groups.put("Resources", List.of("apply", "get", "delete", "logs", "certificate", "backup", "restore"));
        groups.put("Traffic", List.of("stat", "edges", "tap", "why", "why-scale", "routes", "identity"));
        groups.put("Words", List.of("explain", "help", "version"));
        return groups;
    }
}
