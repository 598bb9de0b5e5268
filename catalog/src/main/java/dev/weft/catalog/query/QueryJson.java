package dev.weft.catalog.query;

import dev.weft.catalog.exposition.LinkerdLabels;
import dev.weft.catalog.metrics.Golden;
import dev.weft.catalog.metrics.Party;
import dev.weft.catalog.metrics.Sums;
import dev.weft.catalog.metrics.Traffic;
import dev.weft.catalog.metrics.Window;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Tables as JSON. A number that does not exist (a success rate without traffic) is {@code null}, never 0 or NaN. */
public final class QueryJson {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private QueryJson() {}

    public static ObjectNode stat(List<StatRow> rows, double seconds) {
        ObjectNode json = JSON.objectNode().put("windowSeconds", seconds);
        ArrayNode array = json.putArray("rows");
        for (StatRow row : rows) {
            ObjectNode one = array.addObject()
                    .put("kind", row.kind())
                    .put("namespace", row.namespace())
                    .put("name", row.name())
                    .put("meshed", row.meshed() + "/" + row.pods());
            golden(one, row.golden());
        }
        return json;
    }

    public static ObjectNode edges(List<EdgeRow> rows, double seconds) {
        ObjectNode json = JSON.objectNode().put("windowSeconds", seconds);
        ArrayNode array = json.putArray("rows");
        for (EdgeRow row : rows) {
            ObjectNode one = array.addObject()
                    .put("src", row.source().name())
                    .put("dst", row.destination().name())
                    .put("srcNamespace", row.source().namespace())
                    .put("dstNamespace", row.destination().namespace())
                    .put("clientId", row.clientId())
                    .put("serverId", row.serverId())
                    .put("secured", row.secured())
                    .put("keyExchange", row.keyExchange());
            golden(one, row.golden());
        }
        return json;
    }

    /** Every series as it stands, with Linkerd's labels: what all other numbers are computed from. */
    public static ObjectNode counters(Window window) {
        ObjectNode json = JSON.objectNode().put("windowSeconds", window.seconds());
        ArrayNode array = json.putArray("series");
        window.traffic().entrySet().stream()
                .sorted(Comparator.comparing(
                        (Map.Entry<Traffic, Sums> entry) -> entry.getKey().toString()))
                .forEach(entry -> {
                    ObjectNode one = array.addObject();
                    ObjectNode labels = one.putObject("labels");
                    LinkerdLabels.response(entry.getKey()).forEach((name, value) -> {
                        if (!value.isEmpty()) {
                            labels.put(name, value);
                        }
                    });
                    Sums sums = entry.getValue();
                    one.put("count", sums.count())
                            .put("latencyMicrosSum", sums.latencyMicros())
                            .put("retries", sums.retries())
                            .put("waited", sums.waited())
                            .put("requestBytes", sums.requestBytes())
                            .put("responseBytes", sums.responseBytes());
                });
        return json;
    }

    /** Adds requests, failures, success, rps and the three quantiles in milliseconds. */
    public static ObjectNode golden(ObjectNode json, Golden golden) {
        json.put("requests", golden.requests()).put("failures", golden.failures());
        golden.successRate().ifPresentOrElse(rate -> json.put("success", rate), () -> json.putNull("success"));
        json.put("rps", golden.requestsPerSecond());
        quantile(json, "latencyP50Ms", golden, 0.5);
        quantile(json, "latencyP95Ms", golden, 0.95);
        quantile(json, "latencyP99Ms", golden, 0.99);
        return json.put("retries", golden.retries()).put("waited", golden.waited());
    }

    public static ObjectNode party(Party party) {
        return JSON.objectNode()
                .put("namespace", party.namespace())
                .put("kind", party.kind())
                .put("name", party.name());
    }

    private static void quantile(ObjectNode json, String name, Golden golden, double share) {
        golden.latencyMillis(share).ifPresentOrElse(millis -> json.put(name, millis), () -> json.putNull(name));
    }
}
