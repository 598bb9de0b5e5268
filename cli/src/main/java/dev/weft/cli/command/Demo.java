package dev.weft.cli.command;

import dev.weft.cli.client.Refusal;
import dev.weft.cli.demo.FaasDemonstration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "demo",
        description = "Plays a demonstration on a platform of its own; every line of it is measured and asserted.",
        footer = {"", "Demonstrations: faas, functions behind a gateway in a mesh.", "", "Examples:", "  weft demo faas"
        })
final class Demo implements Callable<Integer> {

    @Parameters(paramLabel = "NAME", description = "faas")
    private String name = "";

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (!name.equals("faas")) {
            throw Refusal.impossible("there is no demonstration \"" + name + "\"; there is faas");
        }
        return FaasDemonstration.play(Home.path(), spec.commandLine().getOut()) ? 0 : 1;
    }
}
