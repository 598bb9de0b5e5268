package dev.weft.cli.command;

import dev.weft.cli.client.Carried;
import dev.weft.cli.client.OutputFormat;
import dev.weft.cli.client.Query;
import dev.weft.cli.client.Table;
import dev.weft.cli.option.AnswerOptions;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(
        name = "why",
        description = "Tells how a request was decided, hop by hop. Without an id: the newest that failed.",
        footer = {
            "",
            "The id is the x-request-id header of the answer.",
            "",
            "Examples:",
            "  weft why",
            "  weft why 01JB7X2M -o json"
        })
final class Why implements Callable<Integer> {

    @Parameters(arity = "0..1", paramLabel = "REQUEST-ID", description = "From the header x-request-id.")
    private String requestId = "";

    @Mixin
    private final AnswerOptions answers = new AnswerOptions();

    @Override
    public Integer call() {
        String path = requestId.isEmpty() ? "/weft/v1/why" : "/weft/v1/why/" + Query.encode(requestId);
        return answers.print(
                path, requestId.isEmpty() ? Why::table : it -> it.path("text").asString(""));
    }

    /** The newest that failed. */
    private static String table(JsonNode answer) {
        Table table = new Table("REQUEST-ID", "HOP", "METHOD", "AUTHORITY", "PATH", "STATUS", "ERROR");
        for (JsonNode hop : answer.path("hops")) {
            table.row(
                    hop.path("requestId").asString(""),
                    hop.path("hop").asString(""),
                    Carried.method(hop),
                    Carried.authority(hop),
                    hop.path("path").asString(""),
                    hop.path("status").asString("-"),
                    hop.path("error").asString(""));
        }
        return table.isEmpty() ? "no request has failed or been refused\n" : table.print(OutputFormat.TABLE);
    }
}
