package dev.weft.apiserver.store;

import java.util.Comparator;
import tools.jackson.databind.JsonNode;

/** Compares documents by meaning. */
final class Documents {

    /** A number is the same whether it came as an int, a long or a text of JSON. */
    private static final Comparator<JsonNode> BY_VALUE = (a, b) -> {
        if (a.equals(b)) {
            return 0;
        }
        return a.isNumber() && b.isNumber() ? a.decimalValue().compareTo(b.decimalValue()) : 1;
    };

    private Documents() {}

    static boolean same(JsonNode a, JsonNode b) {
        return a.equals(BY_VALUE, b);
    }
}
