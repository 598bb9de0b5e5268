package dev.weft.cli.command;

import dev.weft.cli.client.Carried;
import dev.weft.cli.client.Query;
import dev.weft.cli.client.Texts;
import dev.weft.cli.option.ApiOption;
import dev.weft.cli.option.OutputOption;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

@Command(
        name = "tap",
        description = "Prints requests and opaque connections as they end, one line each, until interrupted.",
        footer = {
            "",
            "Examples:",
            "  weft tap",
            "  weft tap deploy/quote-v1 --status 5xx",
            "  weft tap --hop outbound --to quote --count 10"
        })
final class Tap implements Callable<Integer> {

    @Parameters(
            arity = "0..1",
            paramLabel = "WORKLOAD",
            description = "Only requests that this workload's proxy saw: a pod's name, or deploy/NAME.")
    private String workload = "";

    @Option(names = "--to", paramLabel = "NAME", description = "Only requests to this service or workload.")
    private String to = "";

    @Option(names = "--hop", paramLabel = "HOP", description = "Only at this hop: edge, outbound or inbound.")
    private String hop = "";

    @Option(names = "--method", paramLabel = "METHOD", description = "Only this method.")
    private String method = "";

    @Option(names = "--path", paramLabel = "PREFIX", description = "Only paths that start so.")
    private String path = "";

    @Option(names = "--status", paramLabel = "STATUS", description = "Only this status, for example 503 or 5xx.")
    private String status = "";

    @Option(names = "--sample", paramLabel = "SHARE", description = "Only this share of them, for example 0.01.")
    private String sample = "";

    @Option(names = "--count", paramLabel = "N", description = "End after so many requests.")
    private int count = Integer.MAX_VALUE;

    @Mixin
    private final OutputOption output = new OutputOption();

    @Mixin
    private final ApiOption api = new ApiOption();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        String query = new Query("/weft/v1/tap")
                .with("workload", workload)
                .with("to", to)
                .with("hop", hop)
                .with("method", method)
                .with("path", path)
                .with("status", status)
                .with("sample", sample)
                .toString();
        PrintWriter out = spec.commandLine().getOut();
        AtomicInteger left = new AtomicInteger(count);
        api.client().lines(query, line -> {
            if (line.isBlank()) {
                return true; // a sign of life
            }
            out.print(text(line));
            out.flush();
            return left.decrementAndGet() > 0;
        });
        return 0;
    }

    private String text(String line) {
        JsonNode outcome = Texts.parse(line);
        return switch (output.format()) {
            case JSON -> line + "\n";
            case YAML -> "---\n" + Texts.yaml(outcome);
            case TABLE ->
                "%s %-8s src=%s dst=%s tls=%s :method=%s :authority=%s :path=%s :status=%s latency=%.1fms %s%n"
                        .formatted(
                                outcome.path("requestId").asString(""),
                                outcome.path("hop").asString(""),
                                outcome.at("/client/address").asString(""),
                                outcome.at("/server/address").asString("-"),
                                outcome.at("/client/tls").asString("").isEmpty() ? "-" : "true",
                                Carried.method(outcome),
                                Carried.authority(outcome),
                                outcome.path("path").asString(""),
                                outcome.path("status").asString("-"),
                                outcome.path("totalMs").asDouble(0),
                                outcome.path("error").asString(""));
        };
    }
}
