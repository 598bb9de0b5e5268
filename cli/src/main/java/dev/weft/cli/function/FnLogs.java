package dev.weft.cli.function;

import dev.weft.cli.option.ApiOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "logs",
        description = "Prints what a function's instances wrote.",
        footer = {"", "Examples:", "  weft fn logs hello", "  weft fn logs -f -p hello"})
final class FnLogs implements Callable<Integer> {

    @Option(
            names = {"-f", "--follow"},
            description = "Go on until interrupted.")
    private boolean follow;

    @Mixin
    private final DeployedOption function = new DeployedOption();

    @Mixin
    private final ApiOption api = new ApiOption();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        List<String> words = new ArrayList<>(List.of("logs", "ksvc/" + function.name()));
        words.addAll(List.of("-n", function.namespace(), "--data", api.data().toString()));
        if (follow) {
            words.add("-f");
        }
        return spec.root().commandLine().execute(words.toArray(String[]::new));
    }
}
