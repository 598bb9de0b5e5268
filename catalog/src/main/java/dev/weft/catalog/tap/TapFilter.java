package dev.weft.catalog.tap;

import dev.weft.model.outcome.Hop;
import dev.weft.model.outcome.Outcome;
import dev.weft.model.traffic.ServicePort;
import dev.weft.model.workload.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Which requests a tap shows.
 *
 * @param conditions all must hold; none lets everything through
 */
public record TapFilter(List<Predicate<Outcome>> conditions) {

    public static final TapFilter EVERYTHING = new TapFilter(List.of());

    /** The parameters that {@link #parse} knows. */
    public static final Set<String> PARAMETERS =
            Set.of("namespace", "workload", "to", "hop", "method", "path", "authority", "status", "request-id");

    public TapFilter {
        conditions = List.copyOf(conditions);
    }

    /**
     * Reads a filter.
     *
     * @param parameters by name: {@code namespace} of the reporter; {@code workload}, the reporter's pod or its owner;
     *     {@code to}, a service or workload called; {@code hop}; {@code method}; {@code path}, a prefix; {@code
     *     authority}, a prefix; {@code status}, a number, or {@code 5xx}; {@code request-id}. Other names are left to
     *     the caller.
     * @throws IllegalArgumentException with a message for people
     */
    public static TapFilter parse(Map<String, String> parameters) {
        List<Predicate<Outcome>> conditions = new ArrayList<>();
        parameters.forEach((name, value) -> {
            if (!value.isEmpty() && PARAMETERS.contains(name)) {
                conditions.add(condition(name, value));
            }
        });
        return new TapFilter(conditions);
    }

    boolean passes(Outcome outcome) {
        for (Predicate<Outcome> condition : conditions) {
            if (!condition.test(outcome)) {
                return false;
            }
        }
        return true;
    }

    private static Predicate<Outcome> condition(String name, String value) {
        return switch (name) {
            case "namespace" -> outcome -> outcome.reporter().namespace().equals(value);
            case "workload" -> outcome -> named(outcome.reporter(), afterSlash(value));
            case "to" -> outcome -> goesTo(outcome, afterSlash(value));
            case "hop" -> hop(value);
            case "method" -> outcome -> outcome.method().equalsIgnoreCase(value);
            case "path" -> outcome -> outcome.path().startsWith(value);
            case "authority" -> outcome -> outcome.authority().startsWith(value);
            case "status" -> status(value);
            case "request-id" -> outcome -> outcome.requestId().equals(value);
            default -> throw new IllegalStateException("no condition for " + name);
        };
    }

    private static Predicate<Outcome> hop(String value) {
        try {
            Hop hop = Hop.valueOf(value.toUpperCase(Locale.ROOT));
            return outcome -> outcome.hop() == hop;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("hop: \"" + value + "\" (expected: edge, outbound or inbound)", e);
        }
    }

    private static Predicate<Outcome> status(String value) {
        if (value.matches("[1-5]xx")) {
            int hundreds = value.charAt(0) - '0';
            return outcome -> outcome.status() / 100 == hundreds;
        }
        if (!value.matches("\\d{1,3}")) {
            throw new IllegalArgumentException("status: \"" + value + "\" (expected: a number such as 503, or 5xx)");
        }
        int status = Integer.parseInt(value);
        return outcome -> outcome.status() == status;
    }

    private static boolean goesTo(Outcome outcome, String name) {
        boolean service = outcome.service()
                .map(ServicePort::service)
                .filter(called -> called.name().equals(name))
                .isPresent();
        boolean tried = outcome.attempts().stream()
                .flatMap(attempt -> attempt.endpoint().workload().stream())
                .anyMatch(workload -> named(workload, name));
        return service
                || tried
                || outcome.authority().startsWith(name + ".")
                || outcome.authority().equals(name);
    }

    private static boolean named(Workload workload, String name) {
        return workload.owner().equals(name) || workload.name().equals(name);
    }

    /** {@code deploy/hello} and {@code hello} mean the same here. */
    private static String afterSlash(String value) {
        return value.substring(value.indexOf('/') + 1);
    }
}
