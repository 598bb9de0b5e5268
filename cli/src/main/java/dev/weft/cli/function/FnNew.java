package dev.weft.cli.function;

import dev.weft.cli.client.Refusal;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "new",
        aliases = "create",
        description = "Writes a function from a template into a new folder.",
        footer = {
            "",
            "Examples:",
            "  weft fn new hello",
            "  weft fn new -t cloudevent orders",
            "  weft fn new -l node hello"
        })
final class FnNew implements Callable<Integer> {

    @Parameters(paramLabel = "NAME", description = "The folder; its last part is the function's name.")
    private Path path = Path.of("");

    @Option(
            names = {"-l", "--language"},
            paramLabel = "LANGUAGE",
            defaultValue = "java",
            description = "java (the default) or node.")
    private String language = "java";

    @Option(
            names = {"-t", "--template"},
            paramLabel = "TEMPLATE",
            defaultValue = "function",
            description = "function (the default), http, cloudevent, spring or process.")
    private String template = "function";

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        String name = String.valueOf(path.toAbsolutePath().normalize().getFileName());
        if (!name.matches("[a-z]([-a-z0-9]{0,61}[a-z0-9])?")) {
            throw Refusal.impossible(
                    "\"" + name + "\" is no name (expected: at most 63 of a-z, 0-9 and -, a letter first)");
        }
        Templates.write(name, language, template, path.toAbsolutePath(), Path.of(System.getProperty("weft.home", "")));
        spec.commandLine().getOut().println("Created " + language + " function in " + path);
        spec.commandLine()
                .getOut()
                .println(
                        "  weft fn deploy -p " + path + "   serves it; weft fn run -p " + path + " without a platform");
        return 0;
    }
}
