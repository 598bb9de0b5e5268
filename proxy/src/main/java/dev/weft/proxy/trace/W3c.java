package dev.weft.proxy.trace;

import org.jspecify.annotations.Nullable;

/** {@code traceparent} (W3C Trace Context, level 1, section 3.2). */
public final class W3c {

    private static final int TRACE = 3;
    private static final int SPAN = 36;
    private static final int FLAGS = 53;
    private static final int LENGTH = 55;
    private static final int SAMPLED = 1;

    private W3c() {}

    /**
     * Reads a value.
     *
     * @return null when it breaks the form; the trace then begins anew, and {@code tracestate} goes with it
     */
    public static @Nullable TraceContext parse(byte[] text, int from, int to) {
        if (to - from < LENGTH || !formed(text, from)) {
            return null;
        }
        boolean first = text[from] == '0' && text[from + 1] == '0';
        boolean longer = to - from > LENGTH;
        boolean never = text[from] == 'f' && text[from + 1] == 'f';
        if (never || (longer && (first || text[from + LENGTH] != '-'))) {
            return null;
        }
        long high = Hex.parse(text, from + TRACE, from + TRACE + 16);
        long low = Hex.parse(text, from + TRACE + 16, from + TRACE + 32);
        long span = Hex.parse(text, from + SPAN, from + SPAN + 16);
        if ((high == 0 && low == 0) || span == 0) {
            return null;
        }
        long flags = Hex.parse(text, from + FLAGS, from + LENGTH);
        return new TraceContext(high, low, span, (flags & SAMPLED) != 0 ? Sampling.RECORD : Sampling.SKIP);
    }

    private static boolean formed(byte[] text, int from) {
        return Hex.all(text, from, from + 2)
                && text[from + 2] == '-'
                && Hex.all(text, from + TRACE, from + SPAN - 1)
                && text[from + SPAN - 1] == '-'
                && Hex.all(text, from + SPAN, from + FLAGS - 1)
                && text[from + FLAGS - 1] == '-'
                && Hex.all(text, from + FLAGS, from + LENGTH);
    }

    /** The value that goes on. */
    public static byte[] format(long high, long low, long span, boolean recorded) {
        byte[] text = new byte[LENGTH];
        Hex.write(0, text, 0, 2);
        Hex.write(high, text, TRACE, TRACE + 16);
        Hex.write(low, text, TRACE + 16, TRACE + 32);
        Hex.write(span, text, SPAN, SPAN + 16);
        Hex.write(recorded ? SAMPLED : 0, text, FLAGS, LENGTH);
        text[2] = '-';
        text[SPAN - 1] = '-';
        text[FLAGS - 1] = '-';
        return text;
    }
}
