package dev.weft.apiserver.cel;

import dev.cel.common.values.CelByteString;
import dev.cel.common.values.NullValue;
import dev.cel.runtime.CelEvaluationException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** {@code "%s has %d".format([a, b])}, as the strings extension of CEL defines it. */
final class Formatting {

    private Formatting() {}

    static String of(String format, List<?> arguments) throws CelEvaluationException {
        StringBuilder out = new StringBuilder();
        int next = 0;
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '%') {
                out.append(c);
                continue;
            }
            int start = ++i;
            while (i < format.length() && (format.charAt(i) == '.' || Character.isDigit(format.charAt(i)))) {
                i++;
            }
            if (i >= format.length()) {
                throw new CelEvaluationException("could not parse formatting clause: unexpected end of string");
            }
            if (format.charAt(i) == '%') {
                out.append('%');
                continue;
            }
            if (next >= arguments.size()) {
                throw new CelEvaluationException("index " + next + " out of range");
            }
            out.append(clause(format.substring(start, i), format.charAt(i), arguments.get(next++)));
        }
        return out.toString();
    }

    private static String clause(String precision, char verb, Object value) throws CelEvaluationException {
        String digits = precision.startsWith(".") && precision.length() < 4 ? precision : ".6";
        try {
            return switch (verb) {
                case 's' -> text(value);
                case 'd' -> Long.toString((Long) value);
                case 'f' -> String.format(Locale.ROOT, "%" + digits + "f", ((Number) value).doubleValue());
                case 'e' -> String.format(Locale.ROOT, "%" + digits + "e", ((Number) value).doubleValue());
                case 'b' -> value instanceof Boolean flag ? flag ? "1" : "0" : Long.toBinaryString((Long) value);
                case 'o' -> Long.toOctalString((Long) value);
                case 'x' -> hexadecimal(value);
                case 'X' -> hexadecimal(value).toUpperCase(Locale.ROOT);
                default ->
                    throw new CelEvaluationException(
                            "could not parse formatting clause: unrecognized formatting clause \"" + verb + "\"");
            };
        } catch (ClassCastException e) {
            throw new CelEvaluationException("error during formatting: %" + verb + " does not take " + value, e);
        }
    }

    private static String hexadecimal(Object value) {
        return switch (value) {
            case String text -> hexadecimal(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            case CelByteString bytes -> hexadecimal(bytes.toByteArray());
            default -> Long.toHexString((Long) value);
        };
    }

    private static String hexadecimal(byte[] bytes) {
        return java.util.HexFormat.of().formatHex(bytes);
    }

    private static String text(Object value) {
        return switch (value) {
            case NullValue none -> "null";
            case Double number -> new BigDecimal(number).stripTrailingZeros().toPlainString();
            case CelByteString bytes -> bytes.toStringUtf8();
            case Duration duration ->
                BigDecimal.valueOf(duration.toNanos(), 9).stripTrailingZeros().toPlainString() + "s";
            case List<?> list -> list.stream().map(Formatting::text).collect(Collectors.joining(", ", "[", "]"));
            case Map<?, ?> map -> {
                Map<String, String> sorted = new TreeMap<>();
                map.forEach((key, it) -> sorted.put(text(key), text(it)));
                yield sorted.entrySet().stream()
                        .map(entry -> entry.getKey() + ": " + entry.getValue())
                        .collect(Collectors.joining(", ", "{", "}"));
            }
            default -> value.toString();
        };
    }
}
