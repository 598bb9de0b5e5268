package dev.weft.cli.command;

import dev.weft.cli.client.ApiClient;
import dev.weft.cli.client.ApiKind;
import dev.weft.cli.client.Definitions;
import dev.weft.cli.client.Discovery;
import dev.weft.cli.client.Refusal;
import dev.weft.cli.option.ApiOption;
import dev.weft.resources.Kinds;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

@Command(
        name = "apply",
        description = "Makes resources be as files declare them; what is wrong in one does not keep the others back.",
        footer = {"", "Examples:", "  weft apply -f shop.yaml", "  weft apply -f folder -f -"})
final class Apply implements Callable<Integer> {

    @Option(
            names = {"-f", "--filename"},
            required = true,
            paramLabel = "FILE",
            description = "A file, a folder, or - for standard input; may be repeated.")
    private List<Path> files = List.of();

    @Mixin
    private final ApiOption api = new ApiOption();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        Declared declared = Declared.read(files, () -> Definitions.of(api.client()));
        boolean good = declared.report(err);
        if (declared.entries().isEmpty()) {
            return 1;
        }
        ApiClient client = api.client();
        Discovery discovery = new Discovery(client);
        boolean defined = false;
        for (Declared.Entry entry : declared.entries()) {
            try {
                if (defined && !entry.isDefinition()) {
                    discovery = new Discovery(client); // with the kinds that came just now
                    defined = false;
                }
                out.println(entry.resource().key() + " " + apply(client, discovery, entry));
                if (entry.isDefinition()) {
                    Definitions.awaitServed(client, entry.resource().name());
                    defined = true;
                }
            } catch (Refusal e) {
                String field = e.fields().isEmpty() ? "" : e.fields().getFirst();
                err.println(
                        entry.document().locate(field) + " " + entry.resource().key() + ": " + e.getMessage());
                good = false;
            }
        }
        return good ? 0 : 1;
    }

    private static String apply(ApiClient client, Discovery discovery, Declared.Entry entry) {
        var resource = entry.resource();
        ApiKind kind = discovery
                .find(resource.kind().group(), resource.kind().kind())
                .orElseThrow(() -> Refusal.failed("the platform does not serve this kind"));
        ObjectNode json = resource.edit();
        if (resource.kind().equals(Kinds.LOCAL_IMAGE)) {
            json.withObject("/metadata/annotations")
                    .put("weft.dev/directory", entry.directory().toString());
        }
        if (Kinds.find(kind.group(), kind.kind()).isEmpty()) { // as it is written: what is stored may not be served
            String version = entry.document().json().path("apiVersion").asString("");
            kind = kind.in(version.substring(version.indexOf('/') + 1));
            json.put("apiVersion", version);
        }
        String path = kind.path(resource.namespace(), resource.name());
        JsonNode old = client.find(path);
        JsonNode now = client.send(
                "PATCH", path + "?fieldManager=weft&force=true", "application/apply-patch+yaml", json.toString());
        if (old.isMissingNode()) {
            return "created";
        }
        return old.at("/metadata/resourceVersion").equals(now.at("/metadata/resourceVersion"))
                ? "unchanged"
                : "configured";
    }
}
