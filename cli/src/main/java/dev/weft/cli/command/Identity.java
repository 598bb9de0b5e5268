package dev.weft.cli.command;

import dev.weft.cli.client.ApiClient;
import dev.weft.cli.client.OutputFormat;
import dev.weft.cli.client.Refusal;
import dev.weft.cli.client.Table;
import dev.weft.cli.client.Texts;
import dev.weft.cli.option.ApiOption;
import dev.weft.cli.option.OutputOption;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

@Command(
        name = "identity",
        description = "Prints the trust anchors, the issuer and the workloads' certificates; rotates the anchor.",
        footer = {
            "",
            "weft identity rotate replaces the trust anchor while everything runs: a new anchor is trusted beside the old",
            "one, then everybody's certificate is signed anew, then the old anchor is removed and whatever it vouched for",
            "is refused at once. Interrupted, it goes on where it stopped when it is called again.",
            "",
            "Examples:",
            "  weft identity",
            "  weft identity rotate",
            "  weft identity rotate --pause 60         where proxies in other processes are slow to follow"
        })
final class Identity implements Callable<Integer> {

    @Parameters(arity = "0..1", paramLabel = "rotate", description = "Rotate the trust anchor.")
    private String verb = "";

    @Option(
            names = "--pause",
            paramLabel = "SECONDS",
            defaultValue = "12",
            description = "Between two steps, for every proxy to follow (default: ${DEFAULT-VALUE}).")
    private int pause;

    @Mixin
    private final OutputOption output = new OutputOption();

    @Mixin
    private final ApiOption api = new ApiOption();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        if (!verb.isEmpty() && !verb.equals("rotate")) {
            throw Refusal.impossible("identity: \"" + verb + "\" (expected: rotate, or nothing)");
        }
        if (pause < 0) {
            throw Refusal.impossible("--pause: " + pause + " (expected: 0 or more)");
        }
        ApiClient client = api.client();
        JsonNode answer = verb.isEmpty() ? client.get("/weft/v1/identity") : rotate(client);
        spec.commandLine()
                .getOut()
                .print(output.format() == OutputFormat.TABLE ? table(answer) : Texts.print(answer, output.format()));
        return 0;
    }

    private JsonNode rotate(ApiClient client) throws InterruptedException {
        PrintWriter err = spec.commandLine().getErr();
        CountDownLatch never = new CountDownLatch(1);
        while (true) {
            JsonNode answer = client.send("POST", "/weft/v1/identity/rotation", "application/json", "{}");
            String stage = answer.path("stage").asString("");
            err.println("weft: " + says(stage));
            err.flush();
            if (stage.equals("steady")) {
                return answer;
            }
            var _ = never.await(pause, TimeUnit.SECONDS);
        }
    }

    private static String says(String stage) {
        return switch (stage) {
            case "trusted" -> "a new anchor is trusted beside the old one";
            case "issued" -> "the new anchor vouches for every workload";
            default -> "the old anchor is trusted no more";
        };
    }

    private static String table(JsonNode answer) {
        Table table = new Table("KIND", "NAME", "UNTIL", "CURRENT", "SHA-256");
        for (JsonNode row : answer.path("rows")) {
            table.row(
                    row.path("kind").asString(""),
                    row.path("name").asString(""),
                    row.path("until").asString(""),
                    row.path("current").asBoolean(false) ? "√" : "-",
                    row.path("fingerprint").asString(""));
        }
        return table.print(OutputFormat.TABLE);
    }
}
