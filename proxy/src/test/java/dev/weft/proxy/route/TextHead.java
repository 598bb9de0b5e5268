package dev.weft.proxy.route;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** A head written down in a test. */
public final class TextHead implements HeadView {

    private final String method;
    private final String authority;
    private final String path;
    private final Map<String, String> headers;
    private final byte[] bytes;
    private String query = "?query";

    private TextHead(String method, String authority, String path, Map<String, String> headers) {
        this.method = method;
        this.authority = authority;
        this.path = path;
        this.headers = headers;
        this.bytes = ("junk" + path + "?query" + authority).getBytes(StandardCharsets.ISO_8859_1);
    }

    public static TextHead get(String authority, String path) {
        return new TextHead("GET", authority, path, Map.of());
    }

    public TextHead method(String other) {
        return new TextHead(other, authority, path, headers);
    }

    public TextHead query(String other) {
        query = other;
        return this;
    }

    public TextHead header(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new TextHead(method, authority, path, more);
    }

    @Override
    public String method() {
        return method;
    }

    @Override
    public byte[] bytes() {
        return bytes;
    }

    @Override
    public int pathStart() {
        return 4;
    }

    @Override
    public int pathEnd() {
        return 4 + path.length();
    }

    @Override
    public String query() {
        return query;
    }

    @Override
    public int authorityStart() {
        return bytes.length - authority.length();
    }

    @Override
    public int authorityEnd() {
        return bytes.length;
    }

    @Override
    public boolean hasHeader(String name) {
        return headers.containsKey(name);
    }

    @Override
    public boolean headerIs(String name, String value) {
        return value.equals(headers.get(name));
    }

    @Override
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }
}
