package dev.weft.runtime.host.json;

import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Values to text. */
public final class JsonWriter {

    private static final int DEPTH_MAX = 500;

    private final Dialect dialect;
    private final StringBuilder text = new StringBuilder();
    private int depth;

    private JsonWriter(Dialect dialect) {
        this.dialect = dialect;
    }

    /** The value as text; what is no value of JSON by its properties. */
    public static String write(@Nullable Object value, Dialect dialect) {
        JsonWriter writer = new JsonWriter(dialect);
        writer.value(value);
        return writer.text.toString();
    }

    private void value(@Nullable Object value) {
        if (++depth > DEPTH_MAX) {
            throw new IllegalStateException("it is nested deeper than " + DEPTH_MAX + ", or contains itself");
        }
        switch (value) {
            case null -> text.append("null");
            case Double number when !Double.isFinite(number) -> notFinite(number);
            case Float number when !Float.isFinite(number) -> notFinite(number);
            case Number number -> text.append(number);
            case Boolean truth -> text.append(truth);
            case CharSequence words -> string(words.toString());
            case Character c -> string(c.toString());
            case Enum<?> constant -> string(constant.name());
            case Optional<?> optional when dialect == Dialect.BEANS -> value(optional.orElse(null));
            case byte[] bytes
            when dialect == Dialect.BEANS -> string(Base64.getEncoder().encodeToString(bytes));
            case Map<?, ?> map -> object(map);
            case Iterable<?> all -> array(all);
            case Object[] all -> array(Arrays.asList(all));
            default -> other(value);
        }
        depth--;
    }

    private void notFinite(Number number) {
        if (dialect == Dialect.FIELDS) {
            throw new IllegalArgumentException(number + " is not a valid double value as per JSON specification");
        }
        string(number.toString());
    }

    private void other(Object value) {
        if (value.getClass().isArray()) {
            Object[] boxed = new Object[Array.getLength(value)];
            Arrays.setAll(boxed, i -> Array.get(value, i));
            array(Arrays.asList(boxed));
        } else if (Scalars.known(value.getClass())) {
            string(value.toString());
        } else {
            object(Properties.of(value, dialect));
        }
    }

    private void object(Map<?, ?> map) {
        text.append('{');
        boolean first = true;
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (entry.getValue() == null && dialect == Dialect.FIELDS) {
                continue;
            }
            if (!first) {
                text.append(',');
            }
            first = false;
            string(String.valueOf(entry.getKey()));
            text.append(':');
            value(entry.getValue());
        }
        text.append('}');
    }

    private void array(Iterable<?> all) {
        text.append('[');
        boolean first = true;
        for (Object each : all) {
            if (!first) {
                text.append(',');
            }
            first = false;
            value(each);
        }
        text.append(']');
    }

    private void string(String words) {
        text.append('"');
        for (int i = 0; i < words.length(); i++) {
            character(words.charAt(i));
        }
        text.append('"');
    }

    private void character(char c) {
        switch (c) {
            case '"' -> text.append("\\\"");
            case '\\' -> text.append("\\\\");
            case '\n' -> text.append("\\n");
            case '\r' -> text.append("\\r");
            case '\t' -> text.append("\\t");
            case '\b' -> text.append("\\b");
            case '\f' -> text.append("\\f");
            case '<', '>', '&', '=', '\'' -> {
                if (dialect == Dialect.FIELDS) {
                    unicode(c);
                } else {
                    text.append(c);
                }
            }
            case '\u2028', '\u2029' -> unicode(c);
            default -> {
                if (c < ' ') {
                    unicode(c);
                } else {
                    text.append(c);
                }
            }
        }
    }

    private void unicode(char c) {
        text.append("\\u");
        String digits = Integer.toHexString(c);
        text.repeat('0', 4 - digits.length()).append(digits);
    }
}
