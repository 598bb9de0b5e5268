package dev.weft.cli.command;

import dev.weft.cli.client.OutputFormat;
import dev.weft.cli.client.Table;
import dev.weft.cli.option.AnswerOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

@Command(
        name = "routes",
        description =
                "Prints what every host of the edge and every service of the mesh leads to, in order of decision.",
        footer = {"", "Examples:", "  weft routes", "  weft routes -o yaml"})
final class Routes implements Callable<Integer> {

    @Mixin
    private final AnswerOptions answers = new AnswerOptions();

    @Override
    public Integer call() {
        return answers.print("/weft/v1/routes", Routes::table);
    }

    private static String table(JsonNode answer) {
        Table table = new Table("AT", "HOST OR SERVICE", "MATCH", "BACKENDS", "FROM");
        for (String at : List.of("edge", "mesh")) {
            for (JsonNode frontend : answer.path(at)) {
                String name = frontend.path("service").asString(join(frontend.path("hosts")));
                for (JsonNode rule : frontend.path("rules")) {
                    String matches = join(rule.path("matches"));
                    table.row(
                            at,
                            name,
                            matches.isEmpty() ? "everything" : matches,
                            backends(rule.path("backends")),
                            rule.path("source").asString(""));
                }
            }
        }
        return table.print(OutputFormat.TABLE);
    }

    private static String backends(JsonNode backends) {
        List<String> texts = new ArrayList<>();
        for (JsonNode backend : backends) {
            String name = backend.path("backend").asString("");
            texts.add(
                    backends.size() == 1
                            ? name
                            : name + " " + backend.path("weight").asInt(0));
        }
        return String.join(", ", texts);
    }

    private static String join(JsonNode texts) {
        List<String> list = new ArrayList<>();
        texts.forEach(text -> list.add(text.asString("")));
        return String.join(",", list);
    }
}
