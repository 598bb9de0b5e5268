package dev.weft.http.h1;

/** The character classes of RFC 9110 section 5.6 and RFC 3986, as tables. */
final class Characters {

    /** For a token character its lower case, else 0. */
    static final byte[] TOKEN = new byte[256];

    /** What a field value may hold: HTAB, SP, VCHAR, obs-text. */
    static final boolean[] VALUE = new boolean[256];

    /** What a request target may hold: visible ASCII but for {@code "<>\^`{|}#}, of which browsers send some; see below. */
    static final boolean[] TARGET = new boolean[256];

    /** What a host with port may hold: unreserved, sub-delims, percent, brackets and colon. */
    static final boolean[] HOST = new boolean[256];

    /** The value of a hexadecimal digit, else -1. */
    static final byte[] HEX = new byte[256];

    static {
        for (int c = 0; c < 256; c++) {
            boolean alpha = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            boolean digit = c >= '0' && c <= '9';
            if (alpha || digit || "!#$%&'*+-.^_`|~".indexOf(c) >= 0) {
                TOKEN[c] = (byte) (c >= 'A' && c <= 'Z' ? c + 32 : c);
            }
            VALUE[c] = c == '\t' || (c >= ' ' && c != 127);
            // Browsers send "^`{|} unescaped in queries; a fragment never reaches a server, and '<', '>', '\' never
            // come from a well-behaved client.
            TARGET[c] = c > ' ' && c < 127 && c != '#' && c != '<' && c != '>' && c != '\\';
            HOST[c] = alpha || digit || "-._~!$&'()*+,;=%[]:".indexOf(c) >= 0;
            HEX[c] = (byte) Character.digit(c < 128 ? c : ' ', 16);
        }
    }

    private Characters() {}

    static boolean whitespace(byte b) {
        return b == ' ' || b == '\t';
    }
}
