package dev.weft.proxy.trace;

import org.jspecify.annotations.Nullable;

/** The header {@code b3}, and the values of the headers {@code x-b3-*} (openzipkin/b3-propagation). */
public final class B3 {

    private static final int SPAN_LENGTH = 16;

    private B3() {}

    /**
     * Reads {@code b3}: {@code TRACE-SPAN}, {@code TRACE-SPAN-SAMPLING}, {@code TRACE-SPAN-SAMPLING-PARENT}, or a sampling
     * state alone.
     *
     * @return null when it breaks the form
     */
    public static @Nullable TraceContext single(byte[] text, int from, int to) {
        if (to - from == 1) {
            Sampling alone = sampling(text[from]);
            return alone == null ? null : new TraceContext(0, 0, 0, alone);
        }
        int dash = dash(text, from, to);
        int spanEnd = dash + 1 + SPAN_LENGTH;
        if (dash == to || spanEnd > to) {
            return null;
        }
        Sampling sampling = Sampling.OPEN;
        if (spanEnd < to) {
            boolean more = text[spanEnd] == '-' && spanEnd + 1 < to;
            Sampling said = more ? sampling(text[spanEnd + 1]) : null;
            if (said == null || !endsWell(text, spanEnd + 2, to)) {
                return null;
            }
            sampling = said;
        }
        return context(text, from, dash, text, dash + 1, spanEnd, sampling);
    }

    /** Nothing, or a parent, which a proxy has no use for. */
    private static boolean endsWell(byte[] text, int from, int to) {
        return from == to || (to - from == 1 + SPAN_LENGTH && text[from] == '-' && Hex.all(text, from + 1, to));
    }

    /** Of the values of {@code x-b3-traceid} and {@code x-b3-spanid}; null when one breaks its form. */
    public static @Nullable TraceContext context(
            byte[] trace, int traceFrom, int traceTo, byte[] span, int spanFrom, int spanTo, Sampling sampling) {
        int length = traceTo - traceFrom;
        boolean formed = (length == 16 || length == 32)
                && spanTo - spanFrom == SPAN_LENGTH
                && Hex.all(trace, traceFrom, traceTo)
                && Hex.all(span, spanFrom, spanTo);
        if (!formed) {
            return null;
        }
        long high = length == 16 ? 0 : Hex.parse(trace, traceFrom, traceFrom + 16);
        long low = Hex.parse(trace, traceTo - 16, traceTo);
        long id = Hex.parse(span, spanFrom, spanTo);
        return (high == 0 && low == 0) || id == 0 ? null : new TraceContext(high, low, id, sampling);
    }

    /** Of the value of {@code x-b3-sampled}: 1 or 0, and what old tracers write. */
    public static Sampling sampled(byte[] text, int from, int to) {
        if (to - from == 1) {
            Sampling said = text[from] == 'd' ? null : sampling(text[from]);
            return said == null ? Sampling.OPEN : said;
        }
        boolean yes = to - from == 4 && text[from] == 't' && text[to - 1] == 'e';
        boolean no = to - from == 5 && text[from] == 'f' && text[to - 1] == 'e';
        return yes ? Sampling.RECORD : no ? Sampling.SKIP : Sampling.OPEN;
    }

    private static @Nullable Sampling sampling(byte state) {
        return switch (state) {
            case '1', 'd' -> Sampling.RECORD;
            case '0' -> Sampling.SKIP;
            default -> null;
        };
    }

    private static int dash(byte[] text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (text[i] == '-') {
                return i;
            }
        }
        return to;
    }

    /** The value of {@code b3} that goes on; a {@code parent} of 0 is left out. */
    public static byte[] format(long high, long low, long span, long parent, boolean recorded) {
        byte[] trace = traceId(high, low);
        byte[] text = new byte[trace.length + 1 + SPAN_LENGTH + 2 + (parent == 0 ? 0 : 1 + SPAN_LENGTH)];
        System.arraycopy(trace, 0, text, 0, trace.length);
        int at = trace.length;
        text[at] = '-';
        Hex.write(span, text, at + 1, at + 1 + SPAN_LENGTH);
        at += 1 + SPAN_LENGTH;
        text[at] = '-';
        text[at + 1] = (byte) (recorded ? '1' : '0');
        if (parent != 0) {
            text[at + 2] = '-';
            Hex.write(parent, text, at + 3, text.length);
        }
        return text;
    }

    /** The value of {@code x-b3-traceid}: as short as it came. */
    public static byte[] traceId(long high, long low) {
        byte[] text = new byte[high == 0 ? 16 : 32];
        Hex.write(high, text, 0, text.length - 16);
        Hex.write(low, text, text.length - 16, text.length);
        return text;
    }

    /** The value of {@code x-b3-spanid} or {@code x-b3-parentspanid}. */
    public static byte[] spanId(long span) {
        byte[] text = new byte[SPAN_LENGTH];
        Hex.write(span, text, 0, SPAN_LENGTH);
        return text;
    }
}
