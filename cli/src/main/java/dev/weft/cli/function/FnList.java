package dev.weft.cli.function;

import dev.weft.cli.client.Table;
import dev.weft.cli.option.ApiOption;
import dev.weft.cli.option.OutputOption;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

@Command(
        name = "list",
        description = "Lists the functions that are deployed.",
        footer = {"", "Examples:", "  weft fn list", "  weft fn list -n shop -o json"})
final class FnList implements Callable<Integer> {

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NS",
            defaultValue = "",
            description = "One namespace alone (default: all).")
    private String namespace = "";

    @Mixin
    private final ApiOption api = new ApiOption();

    @Mixin
    private final OutputOption output = new OutputOption();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        String scope = namespace.isEmpty() ? "" : "/namespaces/" + namespace;
        String path = "/apis/serving.knative.dev/v1" + scope + "/services?labelSelector=function.knative.dev%2Fname";
        Table table = new Table("NAME", "NAMESPACE", "RUNTIME", "URL", "READY", "REASON");
        for (JsonNode service : api.client().get(path).path("items")) {
            String ready = "Unknown";
            String reason = "";
            for (JsonNode condition : service.at("/status/conditions")) {
                if (condition.path("type").asString("").equals("Ready")) {
                    ready = condition.path("status").asString("");
                    reason = condition.path("reason").asString("");
                }
            }
            table.row(
                    service.at("/metadata/name").asString(""),
                    service.at("/metadata/namespace").asString(""),
                    service.at("/metadata/labels").path(Documents.RUNTIME_LABEL).asString(""),
                    service.at("/status/url").asString(""),
                    ready,
                    reason);
        }
        spec.commandLine().getOut().print(table.print(output.format()));
        return 0;
    }
}
