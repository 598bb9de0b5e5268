package dev.weft.cli.client;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** A path with a query, built name by name; empty values are left out. */
public final class Query {

    private final StringBuilder text;
    private boolean first = true;

    public Query(String path) {
        this.text = new StringBuilder(path);
    }

    public Query with(String name, String value) {
        if (!value.isEmpty()) {
            text.append(first ? '?' : '&').append(name).append('=').append(encode(value));
            first = false;
        }
        return this;
    }

    public static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
