package dev.weft.runtime.host.json;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Text to maps, lists, strings, numbers, booleans and null. */
public final class JsonReader {

    private static final int DEPTH_MAX = 500;

    private final String text;
    private int at;
    private int depth;

    private JsonReader(String text) {
        this.text = text;
    }

    /** The one value that the text is. */
    public static @Nullable Object read(String text) throws JsonProblem {
        JsonReader reader = new JsonReader(text);
        reader.space();
        Object value = reader.value();
        reader.space();
        if (reader.at < text.length()) {
            throw reader.problem("nothing more was expected");
        }
        return value;
    }

    private @Nullable Object value() throws JsonProblem {
        char first = peek();
        return switch (first) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> string();
            case 't' -> word("true", true);
            case 'f' -> word("false", false);
            case 'n' -> word("null", null);
            default -> number();
        };
    }

    private Map<String, @Nullable Object> object() throws JsonProblem {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        enter();
        if (ends('}')) {
            return object;
        }
        do {
            space();
            if (peek() != '"') {
                throw problem("a name in quotation marks was expected");
            }
            String name = string();
            space();
            expect(':');
            space();
            object.put(name, value());
        } while (another('}'));
        return object;
    }

    private List<@Nullable Object> array() throws JsonProblem {
        List<@Nullable Object> array = new ArrayList<>();
        enter();
        if (ends(']')) {
            return array;
        }
        do {
            space();
            array.add(value());
        } while (another(']'));
        return array;
    }

    private void enter() throws JsonProblem {
        at++;
        if (++depth > DEPTH_MAX) {
            throw problem("it is nested deeper than " + DEPTH_MAX);
        }
    }

    private boolean ends(char end) throws JsonProblem {
        space();
        if (peek() != end) {
            return false;
        }
        at++;
        depth--;
        return true;
    }

    private boolean another(char end) throws JsonProblem {
        if (ends(end)) {
            return false;
        }
        expect(',');
        return true;
    }

    private String string() throws JsonProblem {
        StringBuilder string = new StringBuilder();
        at++;
        int plain = at;
        while (true) {
            char c = peek();
            if (c == '"') {
                string.append(text, plain, at++);
                return string.toString();
            }
            if (c < ' ') {
                throw problem("a control character in a string");
            }
            if (c == '\\') {
                string.append(text, plain, at++);
                string.append(escaped());
                plain = at;
            } else {
                at++;
            }
        }
    }

    private char escaped() throws JsonProblem {
        char c = peek();
        at++;
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> unicode();
            default -> throw problem("\\" + c + " means nothing");
        };
    }

    private char unicode() throws JsonProblem {
        if (at + 4 > text.length()) {
            throw problem("four digits were expected after \\u");
        }
        try {
            char c = (char) Integer.parseUnsignedInt(text, at, at + 4, 16);
            at += 4;
            return c;
        } catch (NumberFormatException e) {
            throw problem("four digits were expected after \\u");
        }
    }

    private @Nullable Object word(String word, @Nullable Object value) throws JsonProblem {
        if (!text.startsWith(word, at)) {
            throw problem("a value was expected");
        }
        at += word.length();
        return value;
    }

    private Number number() throws JsonProblem {
        int start = at;
        boolean whole = true;
        while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
            whole &= ".eE".indexOf(text.charAt(at)) < 0;
            at++;
        }
        String digits = text.substring(start, at);
        if (!digits.matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?")) {
            at = start;
            throw problem("a value was expected");
        }
        if (!whole) {
            return Double.valueOf(digits);
        }
        if (digits.length() < 10) {
            return Integer.valueOf(digits);
        }
        BigInteger number = new BigInteger(digits);
        return number.bitLength() < 32
                ? (Number) number.intValue()
                : number.bitLength() < 64 ? (Number) number.longValue() : number;
    }

    private char peek() throws JsonProblem {
        if (at >= text.length()) {
            throw problem("the text ends early");
        }
        return text.charAt(at);
    }

    private void expect(char c) throws JsonProblem {
        if (peek() != c) {
            throw problem("'" + c + "' was expected");
        }
        at++;
    }

    private void space() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private JsonProblem problem(String what) {
        return new JsonProblem("character " + (at + 1) + ": " + what);
    }
}
