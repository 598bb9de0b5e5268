package dev.weft.catalog.export;

import dev.weft.model.outcome.ConnectionOutcome;
import dev.weft.model.outcome.Ended;
import dev.weft.model.outcome.Outcome;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;

/**
 * Which requests and connections are logged: those for which one of the conditions holds. No connection has a status or a
 * header; it is slow when it took long until bytes could flow.
 *
 * @param headers that a condition looks at, by lower case name
 */
public record LogCondition(List<Predicate<Ended>> conditions, Set<String> headers) {

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

    boolean holds(Ended ended) {
        for (int i = 0; i < conditions.size(); i++) {
            if (conditions.get(i).test(ended)) {
                return true;
            }
        }
        return false;
    }

    private static Predicate<Ended> condition(String word, Set<String> headers) {
        int equals = word.indexOf('=');
        String name = equals < 0 ? word : word.substring(0, equals);
        String value = equals < 0 ? "" : word.substring(equals + 1);
        return switch (name) {
            case "all" -> any -> true;
            case "error" ->
                ended -> switch (ended) {
                    case Outcome request -> request.error().isPresent() || !request.success();
                    case ConnectionOutcome connection -> connection.failed();
                };
            case "status" -> status(value);
            case "slow" -> slow(value);
            case "header" -> header(value, headers);
            case "sample" -> sample(value);
            default -> throw unknown(word);
        };
    }

    private static Predicate<Ended> status(String value) {
        if (value.matches("[1-5]xx")) {
            int hundreds = value.charAt(0) - '0';
            return ended -> ended instanceof Outcome request && request.status() / 100 == hundreds;
        }
        if (!value.matches("\\d{3}")) {
            throw unknown("status=" + value);
        }
        int status = Integer.parseInt(value);
        return ended -> ended instanceof Outcome request && request.status() == status;
    }

    private static Predicate<Ended> slow(String value) {
        if (!value.matches("\\d{1,9}(ms|s)")) {
            throw unknown("slow=" + value);
        }
        long number = Long.parseLong(value.replaceAll("\\D", ""));
        long nanos = (value.endsWith("ms") ? Duration.ofMillis(number) : Duration.ofSeconds(number)).toNanos();
        return ended -> switch (ended) {
            case Outcome request -> request.totalNanos() >= nanos;
            case ConnectionOutcome connection ->
                (connection.established() ? connection.connectNanos() : connection.totalNanos()) >= nanos;
        };
    }

    private static Predicate<Ended> header(String value, Set<String> headers) {
        int equals = value.indexOf('=');
        String name = (equals < 0 ? value : value.substring(0, equals)).toLowerCase(Locale.ROOT);
        if (name.isEmpty()) {
            throw unknown("header=" + value);
        }
        headers.add(name);
        String wanted = value.substring(equals + 1);
        return ended -> {
            String found = ended instanceof Outcome request
                    ? request.details().headers().get(name)
                    : null;
            return found != null && (equals < 0 || found.equals(wanted));
        };
    }

    private static Predicate<Ended> sample(String value) {
        if (!value.matches("0?\\.\\d{1,9}|[01]")) {
            throw unknown("sample=" + value);
        }
        double share = Double.parseDouble(value);
        return any -> ThreadLocalRandom.current().nextDouble() < share;
    }

    private static IllegalArgumentException unknown(String word) {
        return new IllegalArgumentException("when: \"" + word
                + "\" (expected: all, error, status=5xx, slow=500ms, header=NAME, header=NAME=VALUE or sample=0.01)");
    }
}
