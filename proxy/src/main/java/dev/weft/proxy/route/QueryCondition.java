package dev.weft.proxy.route;

import dev.weft.model.traffic.QueryMatch;
import java.util.Optional;

/** One {@link QueryMatch}, made ready. Immutable. */
final class QueryCondition {

    private final QueryMatch match;
    private final Optional<Expression> expression;

    QueryCondition(QueryMatch match) {
        this.match = match;
        this.expression = match instanceof QueryMatch.Regex regex
                ? Optional.of(new Expression(regex.expression(), true))
                : Optional.empty();
    }

    QueryMatch match() {
        return match;
    }

    /** @param query with its question mark, or empty */
    boolean holds(String query) {
        Optional<String> value = value(query, match.name());
        return switch (match) {
            case QueryMatch.Exact(String _, String expected) ->
                value.filter(expected::equals).isPresent();
            case QueryMatch.Regex _ ->
                value.filter(text -> expression.orElseThrow().matches(text)).isPresent();
        };
    }

    /** The first one's, as Envoy reads it. */
    private static Optional<String> value(String query, String name) {
        int at = 1;
        while (at < query.length()) {
            int ampersand = query.indexOf('&', at);
            int end = ampersand < 0 ? query.length() : ampersand;
            int equals = query.indexOf('=', at);
            int nameEnd = equals < 0 || equals > end ? end : equals;
            if (nameEnd - at == name.length() && query.startsWith(name, at)) {
                return Optional.of(query.substring(Math.min(end, nameEnd + 1), end));
            }
            at = end + 1;
        }
        return Optional.empty();
    }
}
