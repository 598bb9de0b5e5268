package dev.weft.cli.client;

import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** What tables show of a request or of an opaque connection, from the catalogue's JSON. */
public final class Carried {

    private Carried() {}

    /** A request's method; what a connection spoke. */
    public static String method(JsonNode ended) {
        return isConnection(ended)
                ? ended.path("protocol").asString("").toUpperCase(Locale.ROOT)
                : ended.path("method").asString("");
    }

    /** Whom it was for. */
    public static String authority(JsonNode ended) {
        return isConnection(ended)
                ? ended.path("service").asString(ended.path("serverName").asString(""))
                : ended.path("authority").asString("");
    }

    private static boolean isConnection(JsonNode ended) {
        return ended.path("kind").asString("").equals("connection");
    }
}
