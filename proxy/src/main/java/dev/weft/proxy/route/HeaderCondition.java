package dev.weft.proxy.route;

import dev.weft.model.traffic.HeaderMatch;
import java.util.Optional;

/** One {@link HeaderMatch}, made ready. {@code :method} and {@code :authority} stand for the request's own. Immutable. */
final class HeaderCondition {

    private final HeaderMatch match;
    private final Optional<Expression> expression;

    public HeaderCondition(HeaderMatch match) {
        this.match = match;
        this.expression = match instanceof HeaderMatch.Regex regex
                ? Optional.of(new Expression(regex.expression(), true))
                : Optional.empty();
    }

    HeaderMatch match() {
        return match;
    }

    public boolean holds(HeadView head) {
        return switch (match) {
            case HeaderMatch.Exact(String name, String value) -> head.headerIs(name, value);
            case HeaderMatch.Present(String name) -> head.hasHeader(name);
            case HeaderMatch.Regex(String name, String _) ->
                value(head, name)
                        .filter(value -> expression.orElseThrow().matches(value))
                        .isPresent();
        };
    }

    private static Optional<String> value(HeadView head, String name) {
        return switch (name) {
            case ":method" -> Optional.of(head.method());
            case ":authority" -> Optional.of(head.authority());
            default -> head.header(name);
        };
    }
}
