package dev.weft.catalog.exposition;

import dev.weft.catalog.metrics.Capped;
import dev.weft.catalog.metrics.Party;
import dev.weft.catalog.metrics.Series;
import dev.weft.model.outcome.RetryRefusal;
import dev.weft.model.workload.Workload;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Tries that failed and were not repeated although their rule asks for it, under Linkerd's names. Safe from any thread. */
public final class RetryCounters {

    private static final int SERIES_MAX = 2_000;

    private record Refused(Party reporter, String frontend, String route, RetryRefusal why) implements Series<Refused> {

        private Map<String, String> labels() {
            Map<String, String> labels = new LinkedHashMap<>();
            labels.put("namespace", reporter.namespace());
            labels.put(reporter.label(), reporter.name());
            labels.put("parent_name", frontend);
            labels.put("route_name", route);
            return labels;
        }

        @Override
        public Map<String, String> manyValued() {
            return Map.of(
                    "deployment",
                    reporter.namespace() + "/" + reporter.name(),
                    "parent_name",
                    frontend,
                    "route_name",
                    route);
        }

        @Override
        public Refused folded(String label) {
            return new Refused(
                    label.equals("deployment") ? new Party("", reporter.kind(), OTHER) : reporter,
                    label.equals("parent_name") ? OTHER : frontend,
                    label.equals("route_name") ? OTHER : route,
                    why);
        }
    }

    private final Capped<Refused, LongAdder> refused = new Capped<>("refused retries", SERIES_MAX, LongAdder::new);

    public void refused(Workload reporter, String frontend, String rule, RetryRefusal why) {
        refused.at(new Refused(Party.of(reporter), frontend, rule, why)).increment();
    }

    /** How many series there are. */
    int count() {
        return refused.count();
    }

    static int most() {
        return SERIES_MAX;
    }

    Map<String, Long> folded() {
        return refused.folded();
    }

    void write(Exposition out) {
        write(
                out,
                "outbound_http_route_retry_limit_exceeded_total",
                "Requests that had been tried as often as their rule allows.",
                RetryRefusal.TRIES_USED_UP);
        write(
                out,
                "outbound_http_route_retry_overflow_total",
                "Requests that were not tried again because the retry budget was used up.",
                RetryRefusal.BUDGET_EMPTY);
        write(
                out,
                "weft_retry_limit_reached_total",
                "Requests that were not tried again because too many were at once.",
                RetryRefusal.LIMIT_REACHED);
    }

    /** How often by route and reason, for the names that Linkerd has for routes of ServiceProfiles. */
    void each(Each each) {
        refused.all()
                .forEach((series, count) ->
                        each.counted(series.reporter, series.frontend, series.route, series.why, count.sum()));
    }

    /** Is told a count. */
    interface Each {
        void counted(Party reporter, String frontend, String route, RetryRefusal why, long count);
    }

    private void write(Exposition out, String name, String help, RetryRefusal why) {
        out.metric(name, "counter", help);
        refused.all().forEach((series, count) -> {
            if (series.why == why) {
                out.sample(name, series.labels(), count.sum());
            }
        });
    }
}
