package dev.weft.apiserver.cel;

import dev.cel.common.values.CelByteString;
import dev.cel.common.values.NullValue;
import dev.weft.resources.reading.Durations;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** Documents as values of expressions. */
public final class Values {

    private static final int LONG_DIGITS = 19;

    private Values() {}

    /** Without a schema: numbers without a fraction are ints. */
    public static Object of(JsonNode value) {
        return of(MissingNode.getInstance(), value);
    }

    /** As the schema types it; the names of its properties are escaped as Kubernetes does. */
    public static Object of(JsonNode schema, JsonNode value) {
        return switch (value.getNodeType()) {
            case NULL, MISSING -> NullValue.NULL_VALUE;
            case BOOLEAN -> value.asBoolean();
            case NUMBER -> number(schema, value);
            case STRING -> text(schema, value.asString());
            case ARRAY -> {
                List<Object> list = new ArrayList<>();
                value.forEach(item -> list.add(of(schema.path("items"), item)));
                yield list;
            }
            default -> {
                Map<String, Object> map = new LinkedHashMap<>();
                JsonNode properties = schema.path("properties");
                JsonNode others = schema.path("additionalProperties");
                value.forEachEntry((name, part) -> {
                    boolean declared = properties.has(name);
                    map.put(
                            declared ? SchemaTypes.escaped(name) : name,
                            of(declared ? properties.get(name) : others, part));
                });
                yield map;
            }
        };
    }

    private static Object number(JsonNode schema, JsonNode number) {
        BigDecimal decimal = number.decimalValue();
        boolean whole = (long) decimal.precision() - decimal.scale() <= LONG_DIGITS // its digits are not written out
                && decimal.stripTrailingZeros().scale() <= 0
                && decimal.toBigInteger().bitLength() < Long.SIZE;
        boolean wanted = switch (schema.path("type").asString("")) {
            case "integer" -> true;
            case "number" -> false;
            default -> number.isIntegralNumber();
        };
        return wanted && whole ? (Object) decimal.longValue() : (Object) decimal.doubleValue();
    }

    private static Object text(JsonNode schema, String text) {
        if (schema.path("x-kubernetes-int-or-string").asBoolean(false)) {
            return text;
        }
        try {
            return switch (schema.path("format").asString("")) {
                case "date-time" -> OffsetDateTime.parse(text).toInstant();
                case "date" -> LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC);
                case "duration" -> duration(text);
                case "byte" -> CelByteString.of(Base64.getDecoder().decode(text));
                default -> text;
            };
        } catch (DateTimeException | IllegalArgumentException e) {
            return Instant.EPOCH; // the schema has refused it already
        }
    }

    private static Object duration(String text) {
        boolean negative = text.startsWith("-");
        var duration = Durations.parse(negative ? text.substring(1) : text).orElseThrow(IllegalArgumentException::new);
        return negative ? duration.negated() : duration;
    }
}
