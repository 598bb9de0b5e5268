package dev.weft.resources.reading;

import java.util.Comparator;
import tools.jackson.databind.JsonNode;

/** Compares JSON by meaning. */
public final class Equality {

    /** A number is the same whether it came as an int, a long, a decimal or a text of JSON. */
    private static final Comparator<JsonNode> BY_VALUE = (a, b) -> {
        if (a.equals(b)) {
            return 0;
        }
        return a.isNumber() && b.isNumber() ? a.decimalValue().compareTo(b.decimalValue()) : 1;
    };

    private Equality() {}

    public static boolean same(JsonNode a, JsonNode b) {
        return a.equals(BY_VALUE, b);
    }
}
