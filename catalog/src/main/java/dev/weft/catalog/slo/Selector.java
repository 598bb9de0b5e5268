package dev.weft.catalog.slo;

import dev.weft.catalog.exposition.LinkerdLabels;
import dev.weft.catalog.metrics.Bounds;
import dev.weft.catalog.metrics.Sums;
import dev.weft.catalog.metrics.Traffic;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Which requests an indicator counts: the small part of PromQL that selects one of our own counters.
 *
 * <p>Understood: {@code METRIC{LABEL OP "VALUE", …}}, with the operators {@code = != =~ !~} (regular expressions match
 * the whole value), alone or inside any of {@code sum()}, {@code rate()} and {@code increase()}. A range such as {@code
 * [5m]} is read over: the objective's own window decides. The metrics are {@code request_total}, {@code response_total},
 * {@code response_latency_ms_count}, and {@code response_latency_ms_bucket} with {@code le} at one of Linkerd's bounds.
 *
 * @param bound index of the latency bound to count up to; -1 to count all
 */
record Selector(String metric, List<Predicate<Map<String, String>>> conditions, Set<String> labels, int bound) {

    private static final Pattern CALL = Pattern.compile("(?:sum|rate|increase)\\s*\\((.*)\\)", Pattern.DOTALL);
    private static final Pattern SELECT =
            Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)\\s*(?:\\{(.*)})?\\s*(?:\\[[^\\]]*])?", Pattern.DOTALL);
    private static final Pattern CONDITION =
            Pattern.compile("\\s*([a-zA-Z_][a-zA-Z0-9_]*)\\s*(=~|!~|!=|=)\\s*\"((?:[^\"\\\\]|\\\\.)*)\"\\s*(?:,|$)");
    private static final Set<String> METRICS =
            Set.of("request_total", "response_total", "response_latency_ms_count", "response_latency_ms_bucket");
    private static final Set<String> LABELS = Set.of(
            "direction",
            "namespace",
            "deployment",
            "authority",
            "tls",
            "client_id",
            "server_id",
            "dst_namespace",
            "dst_service",
            "dst_deployment",
            "route_name",
            "classification",
            "status_code",
            "error");
    private static final Set<String> ONE_SIDED = Set.of(
            "direction", "authority", "client_id", "server_id", "dst_namespace", "dst_service", "dst_deployment");

    /**
     * Reads a query.
     *
     * @throws IllegalArgumentException with a message for people: what is not understood, and what would be
     */
    static Selector parse(String query) {
        String inner = query.strip();
        for (Matcher call = CALL.matcher(inner); call.matches(); call = CALL.matcher(inner)) {
            inner = call.group(1).strip();
        }
        Matcher select = SELECT.matcher(inner);
        if (!select.matches()) {
            throw new IllegalArgumentException("the query \"" + query.strip() + "\" is more than a selection of one "
                    + "counter (expected: for example response_total{direction=\"outbound\", "
                    + "authority=~\"hello[.].*\", classification=\"success\"})");
        }
        String metric = select.group(1);
        if (!METRICS.contains(metric)) {
            throw new IllegalArgumentException("there is no metric " + metric + " here (expected: request_total, "
                    + "response_total, response_latency_ms_count or response_latency_ms_bucket)");
        }
        return select(metric, select.group(2) == null ? "" : select.group(2).strip());
    }

    /** How many requests, of all series as they stand. */
    long count(Map<Traffic, Sums> sums) {
        long count = 0;
        for (Map.Entry<Traffic, Sums> entry : sums.entrySet()) {
            if (matches(entry.getKey())) {
                Sums sum = entry.getValue();
                count += bound < 0 ? sum.count() : sum.buckets().upTo(bound);
            }
        }
        return count;
    }

    boolean matches(Traffic series) {
        Map<String, String> values = LinkerdLabels.response(series);
        return conditions.stream().allMatch(condition -> condition.test(values));
    }

    /** False when a request between two workloads may count twice: once where it was sent, once where it arrived. */
    boolean countsOneSide() {
        return labels.stream().anyMatch(ONE_SIDED::contains);
    }

    private static Selector select(String metric, String text) {
        List<Predicate<Map<String, String>>> conditions = new ArrayList<>();
        Set<String> labels = new java.util.HashSet<>();
        int bound = -1;
        Matcher next = CONDITION.matcher(text);
        int end = 0;
        while (end < text.length()) {
            if (!next.find(end) || next.start() != end) {
                throw new IllegalArgumentException("\"" + text.substring(end).strip()
                        + "\" is no condition on a label (expected: for example classification=\"success\")");
            }
            String label = next.group(1);
            String value = next.group(3).replaceAll("\\\\(.)", "$1");
            if (metric.equals("response_latency_ms_bucket") && label.equals("le")) {
                bound = bound(value);
            } else {
                conditions.add(condition(label, next.group(2), value));
                labels.add(label);
            }
            end = next.end();
        }
        if (metric.equals("response_latency_ms_bucket") && bound < 0) {
            throw new IllegalArgumentException("response_latency_ms_bucket needs le=\"MILLISECONDS\"");
        }
        return new Selector(metric, List.copyOf(conditions), Set.copyOf(labels), bound);
    }

    private static Predicate<Map<String, String>> condition(String label, String operator, String value) {
        if (!LABELS.contains(label)) {
            throw new IllegalArgumentException("there is no label " + label + " here (expected: one of "
                    + String.join(", ", LABELS.stream().sorted().toList()) + ")");
        }
        return switch (operator) {
            case "=" -> labels -> labels.getOrDefault(label, "").equals(value);
            case "!=" -> labels -> !labels.getOrDefault(label, "").equals(value);
            case "=~" -> matching(label, value);
            default -> matching(label, value).negate();
        };
    }

    private static Predicate<Map<String, String>> matching(String label, String expression) {
        try {
            Pattern pattern = Pattern.compile(expression);
            return labels -> pattern.matcher(labels.getOrDefault(label, "")).matches();
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    label + ": \"" + expression + "\" is no regular expression (" + e.getDescription() + ")", e);
        }
    }

    private static int bound(String millis) {
        if (millis.equals("+Inf")) {
            return Bounds.LATENCY.size();
        }
        int bound = -1;
        if (millis.matches("\\d{1,9}(\\.\\d{1,3})?")) {
            bound = Bounds.LATENCY.exactly(
                    new BigDecimal(millis).movePointRight(3).longValue());
        }
        if (bound < 0) {
            throw new IllegalArgumentException("le: \"" + millis + "\" is no bound that is counted at (expected: 1, 2, "
                    + "3, 4 or 5, or these times 10, 100, 1000 or 10000)");
        }
        return bound;
    }
}
