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
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(
        name = "stat",
        description = "Prints success rate, requests per second and latencies of workloads and services.",
        footer = {"", "Examples:", "  weft stat", "  weft stat deploy --window 30s", "  weft stat svc/quote -o json"})
final class Stat implements Callable<Integer> {

    @Parameters(
            arity = "0..1",
            paramLabel = "KIND[/NAME]",
            description = "deploy, svc, edge or all (the default), or one by its name: deploy/quote-v1.")
    private String subject = "all";

    @Option(
            names = "--window",
            paramLabel = "TIME",
            defaultValue = "1m",
            description = "30s, 5m, or all (default: 1m).")
    private String window = "1m";

    @Option(names = "--from", paramLabel = "NAME", description = "Only requests from this workload.")
    private String from = "";

    @Option(names = "--to", paramLabel = "NAME", description = "Only requests to this workload or service.")
    private String to = "";

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NS",
            description = "Only this namespace.")
    private String namespace = "";

    @Mixin
    private final AnswerOptions answers = new AnswerOptions();

    @Override
    public Integer call() {
        int slash = subject.indexOf('/');
        String path = new Query("/weft/v1/stat")
                .with("kind", slash < 0 ? subject : subject.substring(0, slash))
                .with("name", slash < 0 ? "" : subject.substring(slash + 1))
                .with("namespace", namespace)
                .with("window", window)
                .with("from", from)
                .with("to", to)
                .toString();
        return answers.print(path, Stat::table);
    }

    private static String table(JsonNode answer) {
        Table table = new Table(
                "NAMESPACE",
                "KIND",
                "NAME",
                "MESHED",
                "SUCCESS",
                "RPS",
                "LATENCY_P50",
                "LATENCY_P95",
                "LATENCY_P99",
                "REQUESTS");
        for (JsonNode row : answer.path("rows")) {
            table.row(
                    row.path("namespace").asString(""),
                    row.path("kind").asString(""),
                    row.path("name").asString(""),
                    row.path("meshed").asString(""),
                    Numbers.percent(row.path("success")),
                    Numbers.rate(row.path("rps")),
                    Numbers.millis(row.path("latencyP50Ms")),
                    Numbers.millis(row.path("latencyP95Ms")),
                    Numbers.millis(row.path("latencyP99Ms")),
                    row.path("requests").asLong(0));
        }
        return table.print(OutputFormat.TABLE);
    }
}
