package dev.weft.catalog.tap;

import dev.weft.model.outcome.Attempt;
import dev.weft.model.outcome.ConnectionOutcome;
import dev.weft.model.outcome.Ended;
import dev.weft.model.outcome.Hop;
import dev.weft.model.outcome.Outcome;
import dev.weft.model.traffic.ServicePort;
import dev.weft.model.workload.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;

/**
 * Which requests and connections a tap shows; conditions on a request's parts hold for no connection.
 *
 * @param conditions all must hold; none lets everything through
 */
public record TapFilter(List<Predicate<Ended>> conditions) {

    public static final TapFilter EVERYTHING = new TapFilter(List.of());

    /** The parameters that {@link #parse} knows. */
    public static final Set<String> PARAMETERS = Set.of(
            "namespace", "workload", "to", "hop", "method", "path", "authority", "status", "request-id", "sample");

    public TapFilter {
        conditions = List.copyOf(conditions);
    }

    /**
     * Reads a filter.
     *
     * @param parameters by name: {@code namespace} of the reporter; {@code workload}, the reporter's pod or its owner;
     *     {@code to}, a service or workload called; {@code hop}; {@code method}; {@code path}, a prefix; {@code
     *     authority}, a prefix; {@code status}, a number, or {@code 5xx}; {@code request-id}; {@code sample}, the share
     *     of what the others let through, from 0 to 1. Other names are left to the caller.
     * @throws IllegalArgumentException with a message for people
     */
    public static TapFilter parse(Map<String, String> parameters) {
        List<Predicate<Ended>> conditions = new ArrayList<>();
        parameters.forEach((name, value) -> {
            if (!value.isEmpty() && PARAMETERS.contains(name)) {
                conditions.add(condition(name, value));
            }
        });
        return new TapFilter(conditions);
    }

    boolean passes(Ended ended) {
        for (Predicate<Ended> condition : conditions) {
            if (!condition.test(ended)) {
                return false;
            }
        }
        return true;
    }

    private static Predicate<Ended> condition(String name, String value) {
        return switch (name) {
            case "namespace" -> ended -> ended.reporter().namespace().equals(value);
            case "workload" -> ended -> named(ended.reporter(), afterSlash(value));
            case "to" -> ended -> goesTo(ended, afterSlash(value));
            case "hop" -> hop(value);
            case "method" -> request(outcome -> outcome.method().equalsIgnoreCase(value));
            case "path" -> request(outcome -> outcome.path().startsWith(value));
            case "authority" -> request(outcome -> outcome.authority().startsWith(value));
            case "status" -> status(value);
            case "request-id" -> ended -> ended.id().equals(value);
            case "sample" -> sample(value);
            default -> throw new IllegalStateException("no condition for " + name);
        };
    }

    private static Predicate<Ended> request(Predicate<Outcome> condition) {
        return ended -> ended instanceof Outcome outcome && condition.test(outcome);
    }

    private static Predicate<Ended> hop(String value) {
        try {
            Hop hop = Hop.valueOf(value.toUpperCase(Locale.ROOT));
            return ended -> ended.hop() == hop;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("hop: \"" + value + "\" (expected: edge, outbound or inbound)", e);
        }
    }

    private static Predicate<Ended> status(String value) {
        if (value.matches("[1-5]xx")) {
            int hundreds = value.charAt(0) - '0';
            return request(outcome -> outcome.status() / 100 == hundreds);
        }
        if (!value.matches("\\d{1,3}")) {
            throw new IllegalArgumentException("status: \"" + value + "\" (expected: a number such as 503, or 5xx)");
        }
        int status = Integer.parseInt(value);
        return request(outcome -> outcome.status() == status);
    }

    private static Predicate<Ended> sample(String value) {
        if (!value.matches("0?\\.\\d{1,9}|[01]")) {
            throw new IllegalArgumentException(
                    "sample: \"" + value + "\" (expected: a share from 0 to 1, such as 0.01)");
        }
        double share = Double.parseDouble(value);
        return any -> ThreadLocalRandom.current().nextDouble() < share;
    }

    private static boolean goesTo(Ended ended, String name) {
        return switch (ended) {
            case Outcome outcome ->
                goesTo(outcome.service(), outcome.attempts(), name)
                        || outcome.authority().startsWith(name + ".")
                        || outcome.authority().equals(name);
            case ConnectionOutcome connection ->
                goesTo(connection.ends().service(), connection.attempts(), name)
                        || connection.serverName().equals(name);
        };
    }

    private static boolean goesTo(Optional<ServicePort> service, List<Attempt> attempts, String name) {
        return service.map(ServicePort::service)
                        .filter(called -> called.name().equals(name))
                        .isPresent()
                || attempts.stream()
                        .flatMap(attempt -> attempt.endpoint().workload().stream())
                        .anyMatch(workload -> named(workload, name));
    }

    private static boolean named(Workload workload, String name) {
        return workload.owner().equals(name) || workload.name().equals(name);
    }

    /** {@code deploy/hello} and {@code hello} mean the same here. */
    private static String afterSlash(String value) {
        return value.substring(value.indexOf('/') + 1);
    }
}
