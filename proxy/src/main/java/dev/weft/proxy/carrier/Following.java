package dev.weft.proxy.carrier;

/** What of a request follows its head. */
public enum Following {
    NOTHING,
    /** A body as the head announces it. */
    BODY,
    /** A body whose length is not known, which the head does not say yet. */
    CHUNKS
}
