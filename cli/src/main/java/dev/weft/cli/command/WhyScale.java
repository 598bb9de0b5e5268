package dev.weft.cli.command;

import dev.weft.cli.client.OutputFormat;
import dev.weft.cli.client.Query;
import dev.weft.cli.client.Table;
import dev.weft.cli.option.AnswerOptions;
import dev.weft.cli.option.NamespaceOption;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(
        name = "why-scale",
        description = "Tells why a Knative service has as many instances as it has, and how its cold starts went.",
        footer = {
            "",
            "For each revision, the newest first: what is wanted and why, by which settings, the newest changes, and",
            "the newest cold starts in milliseconds since the first request began to wait. Then the newest processes:",
            "whether each was a JVM that had been parked, else why not, and how long it took to begin it.",
            "",
            "Examples:",
            "  weft why-scale hello",
            "  weft why-scale hello-00002 -n shop -o json"
        })
final class WhyScale implements Callable<Integer> {

    @Parameters(paramLabel = "SERVICE", description = "A Knative service, or one of its revisions.")
    private String service = "";

    @Mixin
    private final NamespaceOption namespace = new NamespaceOption();

    @Mixin
    private final AnswerOptions answers = new AnswerOptions();

    @Override
    public Integer call() {
        String path = "/weft/v1/scaling/" + Query.encode(namespace.name()) + "/" + Query.encode(service);
        return answers.print(path, WhyScale::text);
    }

    static String text(JsonNode answer) {
        StringBuilder text = new StringBuilder();
        for (JsonNode revision : answer.path("revisions")) {
            if (!text.isEmpty()) {
                text.append('\n');
            }
            revision(revision, text);
        }
        return text.isEmpty() ? "nothing is decided yet\n" : text.toString();
    }

    private static void revision(JsonNode revision, StringBuilder text) {
        text.append("%s: %d wanted, %d ready, %d requests in flight%n"
                .formatted(
                        revision.path("revision").asString(""),
                        revision.path("wanted").asInt(0),
                        revision.path("ready").asInt(0),
                        revision.path("inFlight").asInt(0)));
        text.append("  why       %s%n".formatted(revision.path("why").asString("")));
        text.append("  settings  %s%n".formatted(settings(revision.path("settings"))));
        Table changes = new Table("AT", "FROM", "TO", "WHY");
        for (JsonNode change : revision.path("changes")) {
            changes.row(
                    change.path("at").asString(""),
                    change.path("from").asInt(0),
                    change.path("to").asInt(0),
                    change.path("why").asString(""));
        }
        Table starts =
                new Table("COLD START AT", "REQUESTS", "DECIDED", "POD", "PROCESS", "READY", "ANSWERED", "FAILED");
        for (JsonNode start : revision.path("coldStarts")) {
            starts.row(
                    start.path("at").asString(""),
                    start.path("requests").asInt(0),
                    start.path("decideMillis").asString("-"),
                    start.path("podMillis").asString("-"),
                    start.path("processMillis").asString("-"),
                    start.path("readyMillis").asString("-"),
                    start.path("totalMillis").asString("-"),
                    start.path("failure").asString(""));
        }
        Table processes = new Table("PROCESS AT", "POD", "FROM", "MS", "WHY");
        for (JsonNode process : revision.path("processes")) {
            processes.row(
                    process.path("at").asString(""),
                    process.path("pod").asString(""),
                    process.path("spare").asBoolean(false) ? "spare" : "fresh",
                    "%.1f".formatted(process.path("micros").asLong(0) / 1000.0),
                    process.path("why").asString(""));
        }
        for (Table table : new Table[] {changes, starts, processes}) {
            if (!table.isEmpty()) {
                text.append(table.print(OutputFormat.TABLE).indent(2));
            }
        }
    }

    private static String settings(JsonNode settings) {
        int most = settings.path("maxScale").asInt(0);
        return "%s, target %s of %s an instance, window %s, panic window %s, scale %d to %s"
                .formatted(
                        settings.path("metric").asString(""),
                        settings.path("target").asString(""),
                        settings.path("capacity").asString(""),
                        settings.path("window").asString(""),
                        settings.path("panicWindow").asString(""),
                        settings.path("minScale").asInt(0),
                        most == 0 ? "any number" : Integer.toString(most));
    }
}
