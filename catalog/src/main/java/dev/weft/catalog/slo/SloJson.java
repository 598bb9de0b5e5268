package dev.weft.catalog.slo;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Objectives as JSON, for {@code weft slo}, the console and the status. What has no value is {@code null}. */
public final class SloJson {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private SloJson() {}

    public static ObjectNode of(List<ObjectiveState> states) {
        ObjectNode json = JSON.objectNode();
        ArrayNode rows = json.putArray("rows");
        for (ObjectiveState state : states) {
            ObjectNode row = numbers(state);
            row.put("namespace", state.namespace())
                    .put("slo", state.slo())
                    .put("service", state.service())
                    .put("description", state.description())
                    .put("since", state.since().toString())
                    .put("sentence", sentence(state));
            ArrayNode trend = row.putArray("trend");
            state.trend().forEach(left -> left.ifPresentOrElse(trend::add, trend::addNull));
            rows.add(row);
        }
        return json;
    }

    static ObjectNode numbers(ObjectiveState state) {
        Budget budget = state.budget();
        ObjectNode json = JSON.objectNode()
                .put("objective", state.name())
                .put("target", budget.target())
                .put("window", text(state.window()))
                .put("total", budget.total())
                .put("good", budget.total() - budget.bad())
                .put("bad", budget.bad())
                .put("allowed", budget.allowed())
                .put("remaining", budget.remaining());
        put(json, "indicator", budget.indicator());
        put(json, "remainingShare", budget.remainingShare());
        put(json, "burnRate", state.burn().burnRate());
        return json.put("burnRateWindow", text(state.burnWindow()));
    }

    /** For example {@code 99.9 % of requests to hello succeed, over the last 1h}. */
    static String sentence(ObjectiveState state) {
        String percent =
                state.budget().target().movePointRight(2).stripTrailingZeros().toPlainString();
        return percent + " % of requests to " + state.service() + " are good, over the last " + text(state.window());
    }

    /** As OpenSLO writes durations: {@code 1h}, {@code 30d}. */
    static String text(Duration duration) {
        long seconds = duration.toSeconds();
        if (seconds % 86_400 == 0) {
            return seconds / 86_400 + "d";
        }
        if (seconds % 3_600 == 0) {
            return seconds / 3_600 + "h";
        }
        return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
    }

    private static void put(ObjectNode json, String name, Optional<Double> value) {
        value.ifPresentOrElse(number -> json.put(name, number), () -> json.putNull(name));
    }
}
