package dev.weft.proxy.trace;

/**
 * Which requests' spans are recorded. A caller's decision always holds.
 *
 * @param on whether any are; when not, the headers of traces pass untouched and unread
 * @param rootShare of the requests whose caller decided nothing, from 0 to 1; with 0 no trace begins here
 */
public record Tracing(boolean on, double rootShare) {

    public static final Tracing OFF = new Tracing(false, 0);

    public Tracing {
        if (!(rootShare >= 0 && rootShare <= 1)) {
            throw new IllegalArgumentException("share: " + rootShare + " (expected: 0 to 1)");
        }
    }

    /** Whether a trace that nobody decided on is recorded; the same for the same trace everywhere. */
    public boolean samples(long traceLow) {
        return rootShare >= 1 || (traceLow >>> 11) * 0x1p-53 < rootShare;
    }
}
