package dev.weft.proxy.route;

import dev.weft.model.traffic.HeaderMatch;
import dev.weft.model.traffic.Match;
import dev.weft.model.traffic.PathMatch;
import dev.weft.model.traffic.QueryMatch;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** One {@link Match}, made ready to be asked about many heads. Immutable. */
public final class HeadCondition {

    private final Match match;
    private final PathCondition path;
    private final Set<String> methods;
    private final HeaderCondition[] headers;
    private final QueryCondition[] queries;

    private HeadCondition(Match match) {
        this.match = match;
        this.path = PathCondition.of(match.path());
        this.methods = match.methods();
        this.headers = match.headers().stream().map(HeaderCondition::new).toArray(HeaderCondition[]::new);
        this.queries = match.queries().stream().map(QueryCondition::new).toArray(QueryCondition[]::new);
    }

    public static HeadCondition of(Match match) {
        return new HeadCondition(match);
    }

    public boolean holds(HeadView head) {
        return holdsBesidePath(head) && path.holds(head.bytes(), head.pathStart(), head.pathEnd());
    }

    PathCondition path() {
        return path;
    }

    /** All but the path's condition. */
    boolean holdsBesidePath(HeadView head) {
        if (!methods.isEmpty() && !methods.contains(head.method())) {
            return false;
        }
        for (HeaderCondition header : headers) {
            if (!header.holds(head)) {
                return false;
            }
        }
        return queries.length == 0 || queriesHold(head.query());
    }

    private boolean queriesHold(String query) {
        for (QueryCondition condition : queries) {
            if (!condition.holds(query)) {
                return false;
            }
        }
        return true;
    }

    /** The first part that does not hold, one clause; empty when all hold. */
    Optional<String> failure(HeadView head) {
        if (!path.holds(head.bytes(), head.pathStart(), head.pathEnd())) {
            return Optional.of("path " + head.path() + " is not " + describe(match.path()));
        }
        if (!methods.isEmpty() && !methods.contains(head.method())) {
            return Optional.of("method " + head.method() + " is not " + methodNames());
        }
        return Arrays.stream(headers)
                .filter(header -> !header.holds(head))
                .findFirst()
                .map(header -> "header " + describe(header.match()) + " does not hold")
                .or(() -> Arrays.stream(queries)
                        .filter(query -> !query.holds(head.query()))
                        .findFirst()
                        .map(query -> "query " + describe(query.match()) + " does not hold"));
    }

    /** For people: {@code GET, HEAD /api...}. */
    public String description() {
        String verb = methods.isEmpty() ? "" : methodNames() + " ";
        String also = match.headers().stream()
                .map(header -> " with header " + describe(header))
                .collect(Collectors.joining());
        String asked = match.queries().stream()
                .map(query -> " with query " + describe(query))
                .collect(Collectors.joining());
        return verb + describe(match.path()) + also + asked;
    }

    private String methodNames() {
        return methods.stream().sorted().collect(Collectors.joining(", "));
    }

    private static String describe(PathMatch match) {
        return switch (match) {
            case PathMatch.Exact(String path) -> path;
            case PathMatch.Prefix(String prefix) -> prefix + "...";
            case PathMatch.ElementPrefix(String prefix) -> prefix.endsWith("/") ? prefix + "..." : prefix + "[/...]";
            case PathMatch.Regex(String expression, boolean whole) ->
                "~ " + expression + (whole ? "" : " (at its start)");
        };
    }

    private static String describe(HeaderMatch match) {
        return switch (match) {
            case HeaderMatch.Exact(String name, String value) -> name + " = " + value;
            case HeaderMatch.Regex(String name, String expression) -> name + " ~ " + expression;
            case HeaderMatch.Present(String name) -> name;
        };
    }

    private static String describe(QueryMatch match) {
        return switch (match) {
            case QueryMatch.Exact(String name, String value) -> name + " = " + value;
            case QueryMatch.Regex(String name, String expression) -> name + " ~ " + expression;
        };
    }
}
