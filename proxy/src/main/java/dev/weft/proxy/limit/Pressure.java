package dev.weft.proxy.limit;

/** How short memory is. */
public enum Pressure {
    NONE,
    /** What is kept for later is dropped. */
    CACHES,
    /** New requests from outside are refused too. */
    REQUESTS
}
