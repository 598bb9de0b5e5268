package dev.weft.http.h1;

import java.nio.charset.StandardCharsets;

/** Makes a string of bytes, and gives the last one back while the bytes are the same. One user at a time. */
final class CachedText {

    private String last = "";

    /** Bytes above 127 read as ISO-8859-1. */
    String of(byte[] bytes, int from, int to) {
        if (!same(bytes, from, to)) {
            last = new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
        }
        return last;
    }

    private boolean same(byte[] bytes, int from, int to) {
        String text = last;
        if (text.length() != to - from) {
            return false;
        }
        for (int i = text.length() - 1; i >= 0; i--) {
            if ((bytes[from + i] & 0xff) != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
