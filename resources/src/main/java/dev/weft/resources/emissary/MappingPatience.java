package dev.weft.resources.emissary;

import dev.weft.model.policy.RetryPolicy;
import dev.weft.model.policy.RetryPolicy.Budget;
import dev.weft.model.policy.RetryPolicy.Condition;
import dev.weft.model.policy.Timeouts;
import dev.weft.resources.reading.Durations;
import dev.weft.resources.reading.Fields;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A Mapping's timeouts and its {@code retry_policy}. */
final class MappingPatience {

    private static final List<String> RETRY_ON = List.of(
            "5xx", "gateway-error", "connect-failure", "retriable-4xx", "refused-stream", "retriable-status-codes");
    private static final int RETRIES = 1;
    private static final int RETRIES_MAX = 100;

    private MappingPatience() {}

    static Timeouts timeouts(Fields spec) {
        Timeouts timeouts = Timeouts.ofRequest(millis(spec, "timeout_ms", Timeouts.REQUEST, 0))
                .withConnect(millis(spec, "connect_timeout_ms", Timeouts.CONNECT, 1))
                .withIdle(millis(spec, "idle_timeout_ms", Duration.ZERO, 0))
                .withIdleConnection(millis(spec, "cluster_idle_timeout_ms", Timeouts.IDLE_CONNECTION, 1));
        return timeouts.withPerTry(
                spec.objectOrEmpty("retry_policy", MappingPatience::perTry).orElse(Duration.ZERO));
    }

    /** What never harms is repeated in any case; the policy says what else, and how often. */
    static RetryPolicy retry(Fields spec) {
        return spec.object("retry_policy", MappingPatience::policy).orElse(RetryPolicy.DEFAULT);
    }

    private static RetryPolicy policy(Fields fields) {
        var _ = perTry(fields);
        int attempts = 1 + fields.integer("num_retries", RETRIES, 0, RETRIES_MAX);
        Optional<String> on = fields.word("retry_on", RETRY_ON);
        if (!fields.has("retry_on")) {
            fields.missing("retry_on", "one of " + String.join(", ", RETRY_ON));
        }
        Set<Condition> conditions = EnumSet.copyOf(RetryPolicy.SAFE);
        String word = on.orElse("");
        if (word.equals("5xx") || word.equals("gateway-error")) {
            conditions.add(Condition.TIMEOUT);
        }
        RetryPolicy plain = new RetryPolicy(attempts, conditions, Set.of(), Set.of(), Budget.DEFAULT);
        return switch (word) {
            case "5xx" -> plain.onStatuses(500, 599);
            case "gateway-error" -> plain.onStatuses(502, 504);
            case "retriable-4xx" -> plain.onStatuses(409, 409);
            case "retriable-status-codes" -> withoutCodes(fields, plain);
            default -> plain;
        };
    }

    private static RetryPolicy withoutCodes(Fields fields, RetryPolicy plain) {
        fields.warning(
                "retry_on",
                "NoStatusCodes",
                fields.path("retry_on") + ": a Mapping has no field for the codes, so no status is repeated.",
                "Write 5xx, gateway-error or retriable-4xx.");
        return plain;
    }

    private static Optional<Duration> perTry(Fields fields) {
        Optional<String> text = fields.text("per_try_timeout");
        Optional<Duration> limit = text.flatMap(Durations::parse);
        if (text.isPresent() && limit.isEmpty()) {
            fields.invalid(
                    "per_try_timeout", "\"" + text.get() + "\" is no duration.", "Write for example 250ms or 1.5s.");
        }
        return limit;
    }

    static MappingDefaults.Retry defaults(Fields fields) {
        return new MappingDefaults.Retry(policy(fields), perTry(fields).orElse(Duration.ZERO));
    }

    static Optional<Duration> millis(Fields config, String name, int least) {
        return config.has(name) ? Optional.of(millis(config, name, Timeouts.REQUEST, least)) : Optional.empty();
    }

    private static Duration millis(Fields spec, String name, Duration fallback, int least) {
        return Duration.ofMillis(spec.integer(name, Math.toIntExact(fallback.toMillis()), least, Integer.MAX_VALUE));
    }
}
