package dev.weft.cli.command;

import dev.weft.cli.client.Numbers;
import dev.weft.cli.client.OutputFormat;
import dev.weft.cli.client.Query;
import dev.weft.cli.client.Table;
import dev.weft.cli.option.AnswerOptions;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

@Command(
        name = "edges",
        description = "Prints who called whom, with the identities in the certificates that both really presented.",
        footer = {"", "Examples:", "  weft edges", "  weft edges --window 1m -o yaml"})
final class Edges implements Callable<Integer> {

    @Option(
            names = "--window",
            paramLabel = "TIME",
            defaultValue = "all",
            description = "30s, 5m, or all (the default).")
    private String window = "all";

    @Mixin
    private final AnswerOptions answers = new AnswerOptions();

    @Override
    public Integer call() {
        return answers.print(new Query("/weft/v1/edges").with("window", window).toString(), Edges::table);
    }

    private static String table(JsonNode answer) {
        Table table = new Table(
                "SRC",
                "DST",
                "CLIENT_ID",
                "SERVER_ID",
                "SECURED",
                "KEY_EXCHANGE",
                "SUCCESS",
                "RPS",
                "LATENCY_P50",
                "LATENCY_P95",
                "LATENCY_P99",
                "REQUESTS");
        for (JsonNode row : answer.path("rows")) {
            table.row(
                    place(row, "src"),
                    place(row, "dst"),
                    row.path("clientId").asString(""),
                    row.path("serverId").asString(""),
                    row.path("secured").asBoolean(false) ? "√" : "-",
                    row.path("keyExchange").asString(""),
                    Numbers.percent(row.path("success")),
                    Numbers.rate(row.path("rps")),
                    Numbers.millis(row.path("latencyP50Ms")),
                    Numbers.millis(row.path("latencyP95Ms")),
                    Numbers.millis(row.path("latencyP99Ms")),
                    row.path("requests").asLong(0));
        }
        return table.print(OutputFormat.TABLE);
    }

    private static String place(JsonNode row, String end) {
        return row.path(end + "Namespace").asString("") + "/" + row.path(end).asString("");
    }
}
