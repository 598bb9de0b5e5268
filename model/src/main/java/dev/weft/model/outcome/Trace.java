package dev.weft.model.outcome;

/**
 * The place of one hop in a trace that is being recorded.
 *
 * @param high the first 8 bytes of the trace's id
 * @param low the last 8 bytes
 * @param span this hop's span
 * @param parent the caller's, 0 when the trace begins here
 * @param state the caller's {@code tracestate}, empty for none
 */
public record Trace(long high, long low, long span, long parent, String state) {

    /** The trace's id, 32 digits. */
    public String traceId() {
        return digits(high) + digits(low);
    }

    /** This hop's span, 16 digits. */
    public String spanId() {
        return digits(span);
    }

    private static String digits(long value) {
        String digits = Long.toHexString(value);
        return "0".repeat(16 - digits.length()) + digits;
    }
}
