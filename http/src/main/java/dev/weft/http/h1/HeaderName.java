package dev.weft.http.h1;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A field name prepared for looking up: lower case bytes and their hash. */
public final class HeaderName {

    public static final HeaderName AUTHORIZATION = of("authorization");
    public static final HeaderName CONNECTION = of("connection");
    public static final HeaderName CONTENT_LENGTH = of("content-length");
    public static final HeaderName COOKIE = of("cookie");
    public static final HeaderName HOST = of("host");
    public static final HeaderName KEEP_ALIVE = of("keep-alive");
    public static final HeaderName PROXY_AUTHORIZATION = of("proxy-authorization");
    public static final HeaderName PROXY_CONNECTION = of("proxy-connection");
    public static final HeaderName TE = of("te");
    public static final HeaderName TRANSFER_ENCODING = of("transfer-encoding");
    public static final HeaderName UPGRADE = of("upgrade");

    private final String text;
    private final byte[] bytes;
    private final int hash;

    private HeaderName(String text) {
        this.text = text;
        this.bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        int sum = 0;
        for (byte b : bytes) {
            sum = sum * 31 + b;
        }
        this.hash = sum;
    }

    /** Prepares a name, given in any case. */
    public static HeaderName of(String name) {
        return new HeaderName(name.toLowerCase(Locale.ROOT));
    }

    int length() {
        return bytes.length;
    }

    /** The polynomial (factor 31) over the lower case bytes, as {@link Fields} computes it while parsing. */
    int hash() {
        return hash;
    }

    /** Whether these bytes are this name in any case. */
    boolean matches(byte[] text, int from, int to) {
        if (to - from != bytes.length) {
            return false;
        }
        for (int i = 0; i < bytes.length; i++) {
            if (Characters.TOKEN[text[from + i] & 0xff] != bytes[i]) {
                return false;
            }
        }
        return true;
    }

    /** As {@link #matches}, where an underscore in the text counts as a dash. */
    boolean matchesLike(byte[] text, int from, int to) {
        if (to - from != bytes.length) {
            return false;
        }
        for (int i = 0; i < bytes.length; i++) {
            byte b = text[from + i];
            if (Characters.TOKEN[(b == '_' ? '-' : b) & 0xff] != bytes[i]) {
                return false;
            }
        }
        return true;
    }

    /** Lower case. */
    @Override
    public String toString() {
        return text;
    }
}
