package dev.weft.proxy.route;

import java.nio.charset.StandardCharsets;

/**
 * Bytes as text for a regular expression, which may look at them only so often: an expression that backtracks without
 * end stops a request, not an event loop. Confined to one call.
 */
final class BoundedText implements CharSequence {

    private static final int READS_MAX = 100_000;

    private final byte[] bytes;
    private final int from;
    private final int to;
    private int reads;

    BoundedText(byte[] bytes, int from, int to) {
        this.bytes = bytes;
        this.from = from;
        this.to = to;
    }

    /** The expression looked at the text too often. */
    static final class ExhaustedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private ExhaustedException() {
            super("regular expression gave up after " + READS_MAX + " reads", null, false, false);
        }
    }

    @Override
    public int length() {
        return to - from;
    }

    @Override
    public char charAt(int index) {
        if (++reads > READS_MAX) {
            throw new ExhaustedException();
        }
        return (char) (bytes[from + index] & 0xff);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return new BoundedText(bytes, from + start, from + end);
    }

    @Override
    public String toString() {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }
}
