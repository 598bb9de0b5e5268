package dev.weft.proxy.message;

import dev.weft.http.transport.Received;
import java.nio.charset.StandardCharsets;

/** Frames data as chunks (RFC 9112 section 7.1) for a receiver that wants a body with its framing. Used again for every body. */
public final class Chunks implements Sink {

    private static final byte[] LINE_END = {'\r', '\n'};
    private static final byte[] LAST = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int SIZE_BYTES_MAX = 10;

    private final byte[] size = new byte[SIZE_BYTES_MAX];
    private Sink out = this;

    /** The chunks go there from now on. */
    public Sink over(Sink receiver) {
        out = receiver;
        return this;
    }

    @Override
    public void write(byte[] bytes, int from, int to, boolean last) {
        if (from < to) {
            begin(to - from);
            out.write(bytes, from, to, false);
            out.write(LINE_END, 0, LINE_END.length, false);
        }
        if (last) {
            end();
        }
    }

    @Override
    public void write(Received bytes, int from, int to, boolean last) {
        if (from < to) {
            begin(to - from);
            out.write(bytes, from, to, false);
            out.write(LINE_END, 0, LINE_END.length, false);
        }
        if (last) {
            end();
        }
    }

    private void begin(int length) {
        int at = SIZE_BYTES_MAX;
        size[--at] = '\n';
        size[--at] = '\r';
        for (int rest = length; rest != 0; rest >>>= 4) {
            size[--at] = (byte) Character.forDigit(rest & 15, 16);
        }
        out.write(size, at, SIZE_BYTES_MAX, false);
    }

    @Override
    public void trailers(byte[] lines, int from, int to) {
        out.write(LAST, 0, 3, false);
        out.write(lines, from, to, false);
        out.write(LINE_END, 0, LINE_END.length, true);
    }

    @Override
    public void end() {
        out.write(LAST, 0, LAST.length, true);
    }
}
