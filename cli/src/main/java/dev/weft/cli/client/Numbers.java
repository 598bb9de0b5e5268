package dev.weft.cli.client;

import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** Numbers in tables; {@code -} where there is none. */
public final class Numbers {

    private Numbers() {}

    /** A share of one. */
    public static String percent(JsonNode share) {
        return share.isNumber() ? String.format(Locale.ROOT, "%.2f%%", 100 * share.asDouble()) : "-";
    }

    public static String rate(JsonNode perSecond) {
        return perSecond.isNumber() ? String.format(Locale.ROOT, "%.1frps", perSecond.asDouble()) : "-";
    }

    public static String millis(JsonNode millis) {
        return millis.isNumber() ? String.format(Locale.ROOT, "%.1fms", millis.asDouble()) : "-";
    }
}
