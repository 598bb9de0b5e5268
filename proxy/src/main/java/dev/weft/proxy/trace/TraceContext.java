package dev.weft.proxy.trace;

/**
 * Where a request stands in a trace, as its caller says.
 *
 * @param high the first 8 bytes of the trace's id; 0 for B3's short ids
 * @param low the last 8 bytes; all 16 are never 0, but for a B3 value that only says whether to record
 * @param span the caller's span, 0 in the same case
 */
public record TraceContext(long high, long low, long span, Sampling sampling) {

    /** Whether it names a trace, not only a decision. */
    public boolean named() {
        return span != 0;
    }
}
