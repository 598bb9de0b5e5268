package dev.weft.catalog.query;

import dev.weft.catalog.metrics.Party;
import dev.weft.catalog.metrics.Traffic;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Which rows {@code weft stat} shows.
 *
 * @param kinds of the rows
 * @param namespace empty for all
 * @param name empty for all
 * @param from only requests from this workload; empty for all
 * @param to only requests to this workload or service; empty for all
 */
public record StatQuery(Set<String> kinds, String namespace, String name, String from, String to) {

    private static final Set<String> ALL = Set.of("edge", "service", "deployment");

    /**
     * Reads {@code kind} ({@code deploy}, {@code svc}, {@code edge}, {@code all}), {@code namespace}, {@code name},
     * {@code from} and {@code to}.
     *
     * @throws IllegalArgumentException with a message for people
     */
    public static StatQuery parse(Map<String, String> parameters) {
        String kind = parameters.getOrDefault("kind", "all");
        return new StatQuery(
                switch (kind.toLowerCase(Locale.ROOT)) {
                    case "", "all" -> ALL;
                    case "deploy", "deployment", "deployments", "revision", "revisions", "rev" -> Set.of("deployment");
                    case "svc", "service", "services" -> Set.of("service");
                    case "edge" -> Set.of("edge");
                    default ->
                        throw new IllegalArgumentException(
                                "kind: \"" + kind + "\" (expected: deploy, svc, edge or all)");
                },
                parameters.getOrDefault("namespace", ""),
                parameters.getOrDefault("name", ""),
                afterSlash(parameters.getOrDefault("from", "")),
                afterSlash(parameters.getOrDefault("to", "")));
    }

    boolean shows(String kind, String rowNamespace, String rowName) {
        return kinds.contains(kind)
                && (namespace.isEmpty() || namespace.equals(rowNamespace))
                && (name.isEmpty() || name.equals(rowName));
    }

    boolean counts(Traffic series) {
        return named(series.reporter(), from)
                && (to.isEmpty()
                        || series.destination().name().equals(to)
                        || series.serviceName().equals(to)
                        || series.authority().startsWith(to + "."));
    }

    private static boolean named(Party party, String wanted) {
        return wanted.isEmpty() || party.name().equals(wanted);
    }

    private static String afterSlash(String value) {
        return value.substring(value.indexOf('/') + 1);
    }
}
