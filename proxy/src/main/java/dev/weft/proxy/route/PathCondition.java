package dev.weft.proxy.route;

import dev.weft.model.traffic.PathMatch;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** A condition on the path: a literal beginning, by which a {@link PathTrie} finds it, and what must hold behind that. */
final class PathCondition {

    enum Behind {
        NOTHING,
        ANYTHING,
        /** Nothing, or a slash. */
        ELEMENT,
        EXPRESSION
    }

    /** All paths, and what OPTIONS asks for in place of one, {@code *} (RFC 9110 section 9.3.7). */
    private static final String ALL = "/";

    private final byte[] literal;
    private final Behind behind;
    private final Optional<Expression> expression;

    private PathCondition(String literal, Behind behind, Optional<Expression> expression) {
        this.literal = literal.getBytes(StandardCharsets.UTF_8);
        this.behind = behind;
        this.expression = expression;
    }

    static PathCondition of(PathMatch match) {
        return switch (match) {
            case PathMatch.Exact(String path) -> new PathCondition(path, Behind.NOTHING, Optional.empty());
            case PathMatch.Prefix(String prefix) ->
                new PathCondition(prefix.equals(ALL) ? "" : prefix, Behind.ANYTHING, Optional.empty());
            case PathMatch.ElementPrefix(String prefix) ->
                new PathCondition(
                        prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix,
                        Behind.ELEMENT,
                        Optional.empty());
            case PathMatch.Regex regex ->
                new PathCondition(
                        Expression.literalPrefix(regex),
                        Behind.EXPRESSION,
                        Optional.of(new Expression(regex.expression(), regex.whole())));
        };
    }

    byte[] literal() {
        return literal;
    }

    boolean isExpression() {
        return behind == Behind.EXPRESSION;
    }

    boolean holds(byte[] bytes, int from, int to) {
        int behindLiteral = from + literal.length;
        return behindLiteral <= to
                && Arrays.equals(bytes, from, behindLiteral, literal, 0, literal.length)
                && holdsBehind(bytes, from, behindLiteral, to);
    }

    /** Where the literal is known to stand at the path's start. */
    boolean holdsBehind(byte[] bytes, int from, int behindLiteral, int to) {
        return switch (behind) {
            case NOTHING -> behindLiteral == to;
            case ANYTHING -> true;
            case ELEMENT -> behindLiteral == to || bytes[behindLiteral] == '/';
            case EXPRESSION -> expression.orElseThrow().matches(bytes, from, to);
        };
    }
}
