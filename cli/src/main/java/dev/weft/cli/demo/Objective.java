package dev.weft.cli.demo;

import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Statement 11: the error budget before and after a burst of failures, recomputed from the raw counters. */
final class Objective {

    private static final int FAILURES = 5;
    private static final Duration COUNTED_LIMIT = Duration.ofSeconds(5);

    /** What the counters say. */
    private record Sums(long total, long bad) {
        double allowed(double target) {
            return total * (1 - target);
        }

        double remainingShare(double target) {
            return 1 - bad / allowed(target);
        }
    }

    private final Stage stage;

    Objective(Stage stage) {
        this.stage = stage;
    }

    String budget() throws IOException {
        JsonNode before = agreed(0);
        for (int i = 0; i < FAILURES; i++) {
            try (Connection connection = new Connection(stage.http(Stage.HOST))) {
                Answer failed = connection.exchange("POST", "/", Map.of(), "fail");
                NotHeld.unless(failed.status() == 500, "500 from the injected failure", failed);
            }
        }
        JsonNode after = agreed(before.path("bad").asLong(0) + FAILURES);
        long more = after.path("bad").asLong() - before.path("bad").asLong();
        NotHeld.unless(more == FAILURES, FAILURES + " more failures", more);
        return "before %s; after %d injected failures %s; both equal to the sums recomputed from the raw counters"
                .formatted(figures(before), FAILURES, figures(after));
    }

    /** The objective as the catalogue tells it, once it has counted so many failures and equals the raw counters. */
    private JsonNode agreed(long badMin) {
        return Await.until(
                "the objective of hello equal to the raw counters, with at least " + badMin + " failures",
                COUNTED_LIMIT,
                () -> {
                    JsonNode row = row();
                    Sums raw = raw();
                    double target = row.path("target").asDouble(0);
                    boolean equal = row.path("total").asLong(-1) == raw.total()
                            && row.path("bad").asLong(-1) == raw.bad()
                            && raw.bad() >= badMin
                            && Math.abs(row.path("remainingShare").asDouble(0) - raw.remainingShare(target)) < 1e-9;
                    return equal ? java.util.Optional.of(row) : java.util.Optional.empty();
                },
                () -> row() + " and " + raw());
    }

    private JsonNode row() {
        for (JsonNode row : stage.api().get("/weft/v1/slo").path("rows")) {
            if (row.path("slo").asString("").equals("hello")) {
                return row;
            }
        }
        throw new NotHeld("an objective hello", "none");
    }

    /** Only the counters of requests for hello, as their clients' side saw them. */
    private Sums raw() {
        long total = 0;
        long bad = 0;
        for (JsonNode series : stage.api().get("/weft/v1/counters").path("series")) {
            JsonNode labels = series.path("labels");
            boolean counted = labels.path("direction").asString("").equals("outbound")
                    && labels.path("authority").asString("").equals("hello.default.svc.cluster.local:80");
            if (counted) {
                total += series.path("count").asLong(0);
                bad += labels.path("classification").asString("").equals("failure")
                        ? series.path("count").asLong(0)
                        : 0;
            }
        }
        return new Sums(total, bad);
    }

    private static String figures(JsonNode row) {
        return String.format(
                Locale.ROOT,
                "%d of %d failed, %.2f allowed, %.1f %% of the budget left",
                row.path("bad").asLong(0),
                row.path("total").asLong(0),
                row.path("allowed").asDouble(0),
                100 * row.path("remainingShare").asDouble(0));
    }
}
