package dev.weft.cli.command;

import dev.weft.cli.client.Carried;
import dev.weft.cli.client.OutputFormat;
import dev.weft.cli.client.Query;
import dev.weft.cli.client.Table;
import dev.weft.cli.client.Texts;
import dev.weft.cli.option.ApiOption;
import dev.weft.cli.option.OutputOption;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
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
    private final OutputOption output = new OutputOption();

    @Mixin
    private final ApiOption api = new ApiOption();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        String path = requestId.isEmpty() ? "/weft/v1/why" : "/weft/v1/why/" + Query.encode(requestId);
        JsonNode answer = api.client().get(path);
        spec.commandLine().getOut().print(text(answer));
        return 0;
    }

    private String text(JsonNode answer) {
        if (output.format() != OutputFormat.TABLE) {
            return Texts.print(answer, output.format());
        }
        if (!requestId.isEmpty()) {
            return answer.path("text").asString("");
        }
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
