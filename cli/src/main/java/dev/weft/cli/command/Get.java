package dev.weft.cli.command;

import dev.weft.cli.client.ApiClient;
import dev.weft.cli.client.ApiKind;
import dev.weft.cli.client.Discovery;
import dev.weft.cli.client.OutputFormat;
import dev.weft.cli.client.Table;
import dev.weft.cli.client.Texts;
import dev.weft.cli.option.ApiOption;
import dev.weft.cli.option.NamespaceOption;
import dev.weft.cli.option.OutputOption;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

@Command(
        name = "get",
        description = "Prints resources and what became of them.",
        footer = {"", "Examples:", "  weft get ksvc,trafficsplit,mappings -A", "  weft get deploy quote-v1 -o yaml"})
final class Get implements Callable<Integer> {

    @Parameters(index = "0", split = ",", paramLabel = "KIND", description = "Kinds, for example ksvc,pods.")
    private List<String> kinds = List.of();

    @Parameters(index = "1", arity = "0..1", paramLabel = "NAME", description = "One resource; without it, all.")
    private String name = "";

    @Option(
            names = {"-A", "--all-namespaces"},
            description = "In all namespaces.")
    private boolean everywhere;

    @Mixin
    private final NamespaceOption namespace = new NamespaceOption();

    @Mixin
    private final OutputOption output = new OutputOption();

    @Mixin
    private final ApiOption api = new ApiOption();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        ApiClient client = api.client();
        Discovery discovery = new Discovery(client);
        List<ApiKind> wanted = kinds.stream().map(discovery::named).toList();
        if (output.format() == OutputFormat.TABLE) {
            wanted.forEach(kind -> printTable(client, kind, wanted.size() > 1));
        } else {
            JsonNode found = documents(client, wanted);
            spec.commandLine().getOut().print(Texts.print(found, output.format()));
        }
        return 0;
    }

    private String path(ApiKind kind) {
        String in = everywhere && name.isEmpty() ? "" : namespace.name();
        return name.isEmpty() ? kind.path(in) : kind.path(in, name);
    }

    private void printTable(ApiClient client, ApiKind kind, boolean several) {
        JsonNode answer = Texts.parse(client.text(path(kind), ApiClient.TABLE));
        PrintWriter out = spec.commandLine().getOut();
        if (answer.path("rows").isEmpty()) {
            out.println("no " + kind.plural() + (everywhere || !kind.namespaced() ? "" : " in " + namespace.name()));
            return;
        }
        boolean namespaces = everywhere && kind.namespaced();
        List<Integer> columns = new ArrayList<>();
        List<String> headings = new ArrayList<>();
        if (namespaces) {
            headings.add("NAMESPACE");
        }
        int index = 0;
        for (JsonNode column : answer.path("columnDefinitions")) {
            if (column.path("priority").asInt(0) == 0) {
                columns.add(index);
                headings.add(column.path("name").asString("").toUpperCase(java.util.Locale.ROOT));
            }
            index++;
        }
        Table table = new Table(headings.toArray(String[]::new));
        for (JsonNode row : answer.path("rows")) {
            List<Object> cells = new ArrayList<>();
            if (namespaces) {
                cells.add(row.at("/object/metadata/namespace").asString(""));
            }
            columns.forEach(column -> cells.add(row.path("cells").path(column).asString("")));
            table.row(cells.toArray());
        }
        if (several) {
            out.println(kind.plural() + (kind.group().isEmpty() ? "" : "." + kind.group()));
        }
        out.print(table.print(OutputFormat.TABLE));
        if (several) {
            out.println();
        }
    }

    private JsonNode documents(ApiClient client, List<ApiKind> wanted) {
        if (!name.isEmpty() && wanted.size() == 1) {
            return client.get(path(wanted.getFirst()));
        }
        var list = JsonNodeFactory.instance.objectNode();
        list.put("apiVersion", "v1").put("kind", "List");
        ArrayNode items = list.putArray("items");
        for (ApiKind kind : wanted) {
            JsonNode found = client.get(path(kind));
            (name.isEmpty() ? found.path("items") : List.of(found)).forEach(items::add);
        }
        return list;
    }
}
