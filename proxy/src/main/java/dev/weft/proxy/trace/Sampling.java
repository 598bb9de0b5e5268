package dev.weft.proxy.trace;

/** What the caller decided about recording its trace. */
public enum Sampling {
    RECORD,
    SKIP,
    /** It left the decision to whoever comes next. */
    OPEN
}
