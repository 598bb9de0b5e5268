package dev.weft.proxy.route;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.weft.model.traffic.PathMatch;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A regular expression over text that a client chose, in RE2's syntax and in time that grows with the text alone (Cox,
 * Regular Expression Matching Can Be Simple And Fast): the control plane bounds the expression's size, this class the
 * text's. One that RE2 does not know matches nothing; the control plane has refused it before.
 */
final class Expression {

    /** Longer text matches nothing: the price of a match is this times the expression's size. */
    public static final int TEXT_BYTES_MAX = 8 * 1024;

    private static final String META = "\\.[]{}()*+?^$|";
    private static final String REPEATS = "*+?{";

    private final Optional<Pattern> pattern;
    private final boolean whole;

    public Expression(String expression, boolean whole) {
        this.pattern = compile(expression);
        this.whole = whole;
    }

    private static Optional<Pattern> compile(String expression) {
        try {
            return Optional.of(Pattern.compile(expression));
        } catch (PatternSyntaxException _) {
            return Optional.empty();
        }
    }

    boolean matches(byte[] bytes, int from, int to) {
        return matches(new ByteText(bytes, from, to));
    }

    /** Of characters up to 255. */
    public boolean matches(CharSequence text) {
        if (pattern.isEmpty() || text.length() > TEXT_BYTES_MAX) {
            return false;
        }
        Matcher matcher = pattern.get().matcher(text);
        return whole ? matcher.matches() : matcher.lookingAt();
    }

    /**
     * Replaces every match.
     *
     * @param substitution {@code \1} to {@code \9} stand for what the groups matched, {@code \0} for all (as in RE2)
     */
    String replaceAll(String text, String substitution) {
        if (pattern.isEmpty() || text.length() > TEXT_BYTES_MAX) {
            return text;
        }
        Matcher matcher = pattern.get().matcher(text);
        StringBuilder out = new StringBuilder(text.length() + 16);
        int done = 0;
        while (matcher.find()) {
            out.append(text, done, matcher.start());
            substitute(matcher, substitution, out);
            done = matcher.end();
        }
        return out.append(text, done, text.length()).toString();
    }

    private static void substitute(Matcher matcher, String substitution, StringBuilder out) {
        for (int i = 0; i < substitution.length(); i++) {
            char c = substitution.charAt(i);
            if (c != '\\' || i + 1 == substitution.length()) {
                out.append(c);
                continue;
            }
            char next = substitution.charAt(++i);
            int group = next - '0';
            if (group < 0 || group > 9) {
                out.append(next);
            } else if (group <= matcher.groupCount()) {
                String matched = matcher.group(group);
                out.append(matched == null ? "" : matched);
            }
        }
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

    /** Bytes as characters, in place. */
    private static final class ByteText implements CharSequence {
        private final byte[] bytes;
        private final int from;
        private final int to;

        ByteText(byte[] bytes, int from, int to) {
            this.bytes = bytes;
            this.from = from;
            this.to = to;
        }

        @Override
        public int length() {
            return to - from;
        }

        @Override
        public char charAt(int index) {
            return (char) (bytes[from + index] & 0xff);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new ByteText(bytes, from + start, from + end);
        }

        @Override
        public String toString() {
            return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
        }
    }
}
