package dev.weft.proxy.route;

import dev.weft.model.traffic.PathMatch;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A regular expression over text that a client chose; one that runs away counts as no match. */
final class Expression {

    private static final String META = "\\.[]{}()*+?^$|";
    private static final String REPEATS = "*+?{";

    private final Pattern pattern;
    private final boolean whole;

    Expression(String expression, boolean whole) {
        this.pattern = Pattern.compile(expression);
        this.whole = whole;
    }

    boolean matches(byte[] bytes, int from, int to) {
        Matcher matcher = pattern.matcher(new BoundedText(bytes, from, to));
        try {
            return whole ? matcher.matches() : matcher.lookingAt();
        } catch (BoundedText.ExhaustedException | StackOverflowError runaway) {
            return false;
        }
    }

    boolean matches(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return matches(bytes, 0, bytes.length);
    }

    /** Characters that every path starts with that this expression can match; empty when none can be told. */
    static String literalPrefix(PathMatch.Regex regex) {
        String text = regex.expression();
        if (text.indexOf('|') >= 0 || text.startsWith("(?")) {
            return "";
        }
        int from = text.startsWith("^") ? 1 : 0;
        int at = from;
        while (at < text.length() && META.indexOf(text.charAt(at)) < 0) {
            at++;
        }
        boolean repeated = at < text.length() && REPEATS.indexOf(text.charAt(at)) >= 0;
        return text.substring(from, repeated ? Math.max(from, at - 1) : at);
    }
}
