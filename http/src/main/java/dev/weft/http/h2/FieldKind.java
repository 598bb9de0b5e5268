package dev.weft.http.h2;

/** What a field's name means to HTTP/2. Small numbers and not an enum, so that a table entry holds one in a byte. */
final class FieldKind {

    static final byte REGULAR = 0;
    static final byte METHOD = 1;
    static final byte SCHEME = 2;
    static final byte PATH = 3;
    static final byte AUTHORITY = 4;
    static final byte PROTOCOL = 5;
    static final byte STATUS = 6;
    static final byte HOST = 7;
    static final byte COOKIE = 8;
    static final byte CONTENT_LENGTH = 9;
    static final byte TE = 10;

    /** About a connection of HTTP/1.1 (RFC 9113 section 8.2.2). */
    static final byte CONNECTION = 11;

    /** No token in lower case, or a pseudo header that does not exist. */
    static final byte MALFORMED = 12;

    /** Added to a kind: the value is not acceptable. */
    static final byte BAD_VALUE = 32;

    private FieldKind() {}

    static boolean pseudo(int kind) {
        return kind >= METHOD && kind <= STATUS;
    }

    /** The kind of a name as it came. */
    static byte of(byte[] bytes, int from, int to) {
        byte kind = known(bytes, from, to);
        return kind == REGULAR && !lowerCaseToken(bytes, from, to) ? MALFORMED : kind;
    }

    private static boolean lowerCaseToken(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            byte b = bytes[i];
            if (Characters.TOKEN[b & 0xff] != b || b == 0) {
                return false;
            }
        }
        return from < to;
    }

    /** The kind of a name that is a token in lower case. */
    static byte known(byte[] bytes, int from, int to) {
        return switch (to - from) {
            case 2 -> Characters.equal(bytes, from, to, "te") ? TE : REGULAR;
            case 4 -> Characters.equal(bytes, from, to, "host") ? HOST : REGULAR;
            case 5 -> Characters.equal(bytes, from, to, ":path") ? PATH : REGULAR;
            case 6 -> Characters.equal(bytes, from, to, "cookie") ? COOKIE : REGULAR;
            case 7 ->
                Characters.equal(bytes, from, to, ":method")
                        ? METHOD
                        : Characters.equal(bytes, from, to, ":scheme")
                                ? SCHEME
                                : Characters.equal(bytes, from, to, ":status")
                                        ? STATUS
                                        : Characters.equal(bytes, from, to, "upgrade") ? CONNECTION : REGULAR;
            case 9 -> Characters.equal(bytes, from, to, ":protocol") ? PROTOCOL : REGULAR;
            case 10 ->
                Characters.equal(bytes, from, to, ":authority")
                        ? AUTHORITY
                        : Characters.equal(bytes, from, to, "connection")
                                        || Characters.equal(bytes, from, to, "keep-alive")
                                ? CONNECTION
                                : REGULAR;
            case 14 -> Characters.equal(bytes, from, to, "content-length") ? CONTENT_LENGTH : REGULAR;
            case 16 -> Characters.equal(bytes, from, to, "proxy-connection") ? CONNECTION : REGULAR;
            case 17 -> Characters.equal(bytes, from, to, "transfer-encoding") ? CONNECTION : REGULAR;
            default -> REGULAR;
        };
    }
}
