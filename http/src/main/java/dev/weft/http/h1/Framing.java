package dev.weft.http.h1;

/** How a message says where its body ends (RFC 9112 section 6). */
public enum Framing {
    NONE,
    LENGTH,
    CHUNKED,
    /** Responses only. */
    UNTIL_CLOSE
}
