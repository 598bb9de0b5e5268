package dev.weft.catalog.export;

import dev.weft.model.outcome.Outcome;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;

/**
 * Which requests are logged: those for which one of the conditions holds.
 *
 * @param headers that a condition looks at, by lower case name
 */
public record LogCondition(List<Predicate<Outcome>> conditions, Set<String> headers) {

    public static final LogCondition ALL = new LogCondition(List.of(any -> true), Set.of());

    public LogCondition {
        conditions = List.copyOf(conditions);
        headers = Set.copyOf(headers);
    }

    /**
     * Reads conditions.
     *
     * @param words {@code all}; {@code error} (an answer that a proxy made, a status of 500 and above, or none); {@code
     *     status=503} or {@code status=5xx}; {@code slow=500ms}; {@code header=NAME} or {@code header=NAME=VALUE}; {@code
     *     sample=0.01}. None means all.
     * @throws IllegalArgumentException with a message for people
     */
    public static LogCondition parse(List<String> words) {
        if (words.isEmpty()) {
            return ALL;
        }
        Set<String> headers = new HashSet<>();
        return new LogCondition(
                words.stream().map(word -> condition(word, headers)).toList(), headers);
    }

    boolean holds(Outcome outcome) {
        for (int i = 0; i < conditions.size(); i++) {
            if (conditions.get(i).test(outcome)) {
                return true;
            }
        }
        return false;
    }

    private static Predicate<Outcome> condition(String word, Set<String> headers) {
        int equals = word.indexOf('=');
        String name = equals < 0 ? word : word.substring(0, equals);
        String value = equals < 0 ? "" : word.substring(equals + 1);
        return switch (name) {
            case "all" -> any -> true;
            case "error" -> outcome -> outcome.error().isPresent() || !outcome.success();
            case "status" -> status(value);
            case "slow" -> slow(value);
            case "header" -> header(value, headers);
            case "sample" -> sample(value);
            default -> throw unknown(word);
        };
    }

    private static Predicate<Outcome> status(String value) {
        if (value.matches("[1-5]xx")) {
            int hundreds = value.charAt(0) - '0';
            return outcome -> outcome.status() / 100 == hundreds;
        }
        if (!value.matches("\\d{3}")) {
            throw unknown("status=" + value);
        }
        int status = Integer.parseInt(value);
        return outcome -> outcome.status() == status;
    }

    private static Predicate<Outcome> slow(String value) {
        if (!value.matches("\\d{1,9}(ms|s)")) {
            throw unknown("slow=" + value);
        }
        long number = Long.parseLong(value.replaceAll("\\D", ""));
        long nanos = (value.endsWith("ms") ? Duration.ofMillis(number) : Duration.ofSeconds(number)).toNanos();
        return outcome -> outcome.totalNanos() >= nanos;
    }

    private static Predicate<Outcome> header(String value, Set<String> headers) {
        int equals = value.indexOf('=');
        String name = (equals < 0 ? value : value.substring(0, equals)).toLowerCase(Locale.ROOT);
        if (name.isEmpty()) {
            throw unknown("header=" + value);
        }
        headers.add(name);
        String wanted = value.substring(equals + 1);
        return outcome -> {
            String found = outcome.details().headers().get(name);
            return found != null && (equals < 0 || found.equals(wanted));
        };
    }

    private static Predicate<Outcome> sample(String value) {
        if (!value.matches("0?\\.\\d{1,9}|[01]")) {
            throw unknown("sample=" + value);
        }
        double share = Double.parseDouble(value);
        return outcome -> ThreadLocalRandom.current().nextDouble() < share;
    }

    private static IllegalArgumentException unknown(String word) {
        return new IllegalArgumentException("when: \"" + word
                + "\" (expected: all, error, status=5xx, slow=500ms, header=NAME, header=NAME=VALUE or sample=0.01)");
    }
}
