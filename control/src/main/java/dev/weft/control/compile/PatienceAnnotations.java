package dev.weft.control.compile;

import dev.weft.control.declared.Declared;
import dev.weft.control.declared.Findings;
import dev.weft.model.policy.RetryPolicy;
import dev.weft.model.policy.RetryPolicy.Budget;
import dev.weft.model.policy.RetryPolicy.Condition;
import dev.weft.model.policy.Timeouts;
import dev.weft.resources.reading.Durations;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Timeouts and retries that a resource's annotations ask for: Linkerd's names where Linkerd has one, ours for the rest. What
 * cannot be read is noted and left out.
 */
final class PatienceAnnotations {

    private static final Pattern STATUSES = Pattern.compile("([1-5]\\d\\d)(?:-([1-5]\\d\\d))?");
    private static final Pattern BUDGET = Pattern.compile("(\\d{1,4})%(?:\\s*\\+\\s*(\\d{1,6})/s)?");
    private static final int RETRIES = 1;
    private static final int RETRIES_MAX = 100;

    /** Linkerd's words, and what they are on the wire. */
    private static final Map<String, Integer> GRPC = Map.of(
            "cancelled", 1,
            "deadline-exceeded", 4,
            "resource-exhausted", 8,
            "internal", 13,
            "unavailable", 14);

    private final Findings findings;

    PatienceAnnotations(Findings findings) {
        this.findings = findings;
    }

    /** What the annotations say, and for the rest what is given. */
    Timeouts timeouts(Declared<?> declared, Timeouts given) {
        Timeouts timeouts = with(declared, "timeout.linkerd.io/request", given, given::withRequest);
        timeouts = with(declared, "timeout.linkerd.io/response", timeouts, timeouts::withResponse);
        timeouts = with(declared, "timeout.linkerd.io/idle", timeouts, timeouts::withIdle);
        timeouts = with(declared, "timeout.weft.dev/header", timeouts, timeouts::withHeader);
        timeouts = positive(declared, "timeout.weft.dev/connect", timeouts, timeouts::withConnect);
        timeouts = positive(declared, "timeout.weft.dev/idle-connection", timeouts, timeouts::withIdleConnection);
        return with(declared, "retry.linkerd.io/timeout", timeouts, timeouts::withPerTry);
    }

    /** What the annotations say of retries, and what is given where they say nothing. */
    RetryPolicy retry(Declared<?> declared, RetryPolicy given) {
        Optional<String> http = text(declared, "retry.linkerd.io/http");
        Optional<String> grpc = text(declared, "retry.linkerd.io/grpc");
        Budget budget = text(declared, "retry.weft.dev/budget")
                .map(text -> budget(declared, text))
                .orElse(given.budget());
        boolean mentioned = http.isPresent()
                || grpc.isPresent()
                || text(declared, "retry.linkerd.io/limit").isPresent();
        if (!mentioned) {
            return new RetryPolicy(
                    given.attemptsMax(), given.conditions(), given.statuses(), given.grpcCodes(), budget);
        }
        Set<Condition> conditions = EnumSet.of(Condition.TIMEOUT);
        conditions.addAll(RetryPolicy.SAFE);
        RetryPolicy policy = new RetryPolicy(1 + limit(declared), conditions, Set.of(), Set.of(), budget);
        for (String word : words(http)) {
            policy = onStatuses(declared, policy, word);
        }
        Set<Integer> codes = new HashSet<>();
        words(grpc).forEach(word -> code(declared, word).ifPresent(codes::add));
        return new RetryPolicy(policy.attemptsMax(), policy.conditions(), policy.statuses(), codes, budget);
    }

    private RetryPolicy onStatuses(Declared<?> declared, RetryPolicy policy, String word) {
        if (word.equals("5xx")) {
            return policy.onStatuses(500, 599);
        }
        if (word.equals("gateway-error")) {
            return policy.onStatuses(502, 504);
        }
        Matcher range = STATUSES.matcher(word);
        if (range.matches()) {
            int from = Integer.parseInt(range.group(1));
            int to = range.group(2) == null ? from : Integer.parseInt(range.group(2));
            if (from <= to) {
                return policy.onStatuses(from, to);
            }
        }
        note(
                declared,
                "retry.linkerd.io/http",
                "RetryConditionInvalid",
                "\"" + word + "\" is no status to repeat, so it is left out.",
                "Write 5xx, gateway-error, a status such as 503, or a range such as 500-504, with commas between.");
        return policy;
    }

    private Optional<Integer> code(Declared<?> declared, String word) {
        Optional<Integer> code = Optional.ofNullable(GRPC.get(word));
        if (code.isEmpty()) {
            note(
                    declared,
                    "retry.linkerd.io/grpc",
                    "RetryConditionInvalid",
                    "\"" + word + "\" is no gRPC status to repeat, so it is left out.",
                    "Write cancelled, deadline-exceeded, internal, resource-exhausted or unavailable.");
        }
        return code;
    }

    private int limit(Declared<?> declared) {
        Optional<String> text = text(declared, "retry.linkerd.io/limit");
        if (text.isEmpty()) {
            return RETRIES;
        }
        boolean number = text.get().matches("\\d{1,3}") && Integer.parseInt(text.get()) <= RETRIES_MAX;
        if (!number) {
            note(
                    declared,
                    "retry.linkerd.io/limit",
                    "RetryLimitInvalid",
                    "\"" + text.get() + "\" is no number of retries, so it stays " + RETRIES + ".",
                    "Write a number from 0 to " + RETRIES_MAX + ".");
        }
        return number ? Integer.parseInt(text.get()) : RETRIES;
    }

    private Budget budget(Declared<?> declared, String text) {
        Matcher parts = BUDGET.matcher(text);
        if (parts.matches() && Integer.parseInt(parts.group(1)) <= 1000) {
            int perSecond = parts.group(2) == null ? 0 : Integer.parseInt(parts.group(2));
            return new Budget(Integer.parseInt(parts.group(1)), perSecond);
        }
        note(
                declared,
                "retry.weft.dev/budget",
                "RetryBudgetInvalid",
                "\"" + text + "\" is no retry budget, so it stays 20% + 10/s.",
                "Write for example 20% + 10/s, at most 1000%.");
        return Budget.DEFAULT;
    }

    private Timeouts with(Declared<?> declared, String name, Timeouts before, Function<Duration, Timeouts> with) {
        return duration(declared, name).map(with).orElse(before);
    }

    private Timeouts positive(Declared<?> declared, String name, Timeouts before, Function<Duration, Timeouts> with) {
        Optional<Duration> limit = duration(declared, name);
        if (limit.isPresent() && limit.get().isZero()) {
            note(
                    declared,
                    name,
                    "DurationInvalid",
                    "0 is not possible here, so the default stays.",
                    "Write for example 3s.");
            return before;
        }
        return limit.map(with).orElse(before);
    }

    private Optional<Duration> duration(Declared<?> declared, String name) {
        Optional<String> text = text(declared, name);
        Optional<Duration> duration = text.flatMap(Durations::parse);
        if (text.isPresent() && duration.isEmpty()) {
            note(
                    declared,
                    name,
                    "DurationInvalid",
                    "\"" + text.get() + "\" is no duration, so the timeout stays as it was.",
                    "Write for example 10s or 1m30s.");
        }
        return duration;
    }

    private static Iterable<String> words(Optional<String> list) {
        return list.stream()
                .flatMap(Pattern.compile(",")::splitAsStream)
                .map(String::strip)
                .filter(word -> !word.isEmpty())
                .toList();
    }

    private static Optional<String> text(Declared<?> declared, String name) {
        return Optional.ofNullable(declared.resource().annotations().get(name)).map(String::strip);
    }

    private void note(Declared<?> declared, String name, String reason, String message, String remedy) {
        findings.warning(declared.key(), "metadata.annotations." + name, reason, message, remedy);
    }
}
