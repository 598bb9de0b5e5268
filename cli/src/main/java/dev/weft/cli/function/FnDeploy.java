package dev.weft.cli.function;

import dev.weft.cli.client.ApiClient;
import dev.weft.cli.option.ApiOption;
import dev.weft.runtime.FunctionProgram;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

@Command(
        name = "deploy",
        description = "Builds a function on this machine and serves it; the one before stays as a revision.",
        footer = {"", "Examples:", "  weft fn deploy -p hello", "  weft fn deploy -n shop --data /tmp/second"})
final class FnDeploy implements Callable<Integer> {

    @Mixin
    private final ProjectOption project = new ProjectOption();

    @Mixin
    private final ApiOption api = new ApiOption();

    @Option(
            names = "--wait-timeout",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "How long it may take to become ready (default: ${DEFAULT-VALUE}; 0: do not wait).")
    private int waitSeconds = 60;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        FuncYaml yaml = project.yaml();
        yaml.remarks().forEach(err::println);
        String name = yaml.name();
        String namespace = yaml.namespace(project.namespace(""));
        ApiClient client = api.client();
        Build.Built built = new Build(project.folder(), yaml, FunctionProgram.interfaces()).run(err);
        Documents documents =
                new Documents(yaml, namespace, variable -> System.getenv().getOrDefault(variable, ""));
        out.println("Deploying function '" + name + "' in namespace '" + namespace + "':");
        out.flush();
        Release release = new Release(client, out, documents, namespace, name);
        long generation = release.newest(built);
        if (waitSeconds == 0) {
            return 0;
        }
        JsonNode service = release.await(generation, waitSeconds);
        release.clean(built, project.folder());
        String revision = service.at("/status/latestReadyRevisionName").asString("");
        out.println();
        out.println("Function '" + name + "' deployed as revision '" + revision + "' is available at URL:");
        out.println(service.at("/status/url").asString(""));
        return 0;
    }
}
