package dev.weft.cli.function;

import dev.weft.cli.client.ApiClient;
import dev.weft.cli.client.Query;
import dev.weft.cli.option.ApiOption;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

@Command(
        name = "delete",
        description = "Undeploys a function; its folder stays.",
        footer = {"", "Examples:", "  weft fn delete hello", "  weft fn delete -p hello"})
final class FnDelete implements Callable<Integer> {

    @Mixin
    private final DeployedOption function = new DeployedOption();

    @Mixin
    private final ApiOption api = new ApiOption();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        String name = function.name();
        String namespace = function.namespace();
        ApiClient client = api.client();
        boolean deleted = client.delete("/apis/serving.knative.dev/v1/namespaces/" + namespace + "/services/" + name);
        String images = "/apis/weft.dev/v1alpha1/localimages";
        String selector = "?labelSelector="
                + Query.encode(Documents.LABEL + "=" + name + "," + Documents.NAMESPACE_LABEL + "=" + namespace);
        for (JsonNode image : client.get(images + selector).path("items")) {
            client.delete(images + "/" + image.at("/metadata/name").asString(""));
        }
        spec.commandLine()
                .getOut()
                .println("Function '" + name + "' in namespace '" + namespace
                        + (deleted ? "' deleted" : "' is not deployed"));
        return deleted ? 0 : 1;
    }
}
