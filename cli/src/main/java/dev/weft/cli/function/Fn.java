package dev.weft.cli.function;

import picocli.CommandLine.Command;

/** The group of commands; without one of them its help is printed. */
@Command(
        name = "fn",
        description = "Functions: new, run, deploy, invoke, logs, list, delete.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "A function is a folder with func.yaml and sources. A newcomer needs a JDK and a platform that runs:",
            "",
            "  weft up &",
            "  weft fn new hello                 a folder with a plain Java function",
            "  weft fn deploy -p hello           build it, and serve it from zero instances on",
            "  weft fn invoke -p hello           call it through the edge",
            "",
            "Examples:",
            "  weft fn new -t http hello         templates: function, http, cloudevent, spring, process",
            "  weft fn new -l node hello         a JavaScript function, where node is installed",
            "  weft fn run -p hello              serve it on port 8080 or a free one, without a platform",
            "  weft fn invoke hello --body '{\"message\": \"hi\"}' -f cloudevent",
            "  weft fn logs hello -f",
            "  weft fn list",
            "",
            "docs/functions.md lists the interfaces that functions may have, and the fields of func.yaml."
        },
        subcommands = {
            FnNew.class,
            FnRun.class,
            FnDeploy.class,
            FnInvoke.class,
            FnLogs.class,
            FnList.class,
            FnDelete.class
        })
public final class Fn implements Runnable {

    @picocli.CommandLine.Spec
    private picocli.CommandLine.Model.CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
