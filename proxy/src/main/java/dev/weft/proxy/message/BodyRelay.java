package dev.weft.proxy.message;

import dev.weft.http.h1.BodyDecoder;
import dev.weft.http.h1.BodyLimits;
import dev.weft.http.h1.Framing;
import dev.weft.http.transport.Received;
import java.util.Arrays;

/**
 * Passes one body on as it comes, but for trailer lines that may not stand there, and knows where it ends. Used again for
 * every body.
 */
public final class BodyRelay {

    /** The body is malformed: {@link #problem()} says how. */
    public static final int REFUSED = BodyDecoder.REFUSED;

    private static final byte[] NO_TRAILERS = {};

    private final BodyDecoder decoder = new BodyDecoder();
    private boolean dataOnly;
    private long bytes;

    /** What the bodies that come next may cost. */
    public void limits(BodyLimits limits) {
        decoder.limits(limits);
    }

    /** Begins a body; {@code dataOnly} leaves the framing out, for a receiver that does not know it. */
    public void begin(Framing framing, long length, boolean dataOnly) {
        this.dataOnly = dataOnly;
        this.bytes = 0;
        decoder.begin(framing, length);
    }

    public boolean done() {
        return decoder.done();
    }

    public boolean endsWithConnection() {
        return decoder.endsWithConnection();
    }

    /** How many went by, framing included. */
    public long bytes() {
        return bytes;
    }

    public String problem() {
        return decoder.problem().sentence();
    }

    /** The offset after what belongs to the body, or {@link #REFUSED}. */
    public int relay(byte[] array, int from, int to, Sink sink) {
        int at = from;
        while (at < to && !decoder.done()) {
            int start = at;
            int data = (int) Math.min(decoder.dataAhead(), to - at);
            if (data > 0) {
                decoder.skip(data);
                at += data;
            } else {
                boolean trailers = decoder.inTrailers();
                at = decoder.read(array, at, to);
                if (at < 0) {
                    return REFUSED;
                }
                if (trailers || dataOnly) {
                    if (decoder.done()) {
                        end(sink);
                    }
                    continue;
                }
            }
            if (at > start) {
                sink.write(array, start, at, decoder.done());
            }
        }
        bytes += at - from;
        return at;
    }

    /** As {@link #relay(byte[], int, int, Sink)}; data that need not be looked at passes without a copy. */
    public int relay(Received received, int from, byte[] space, Sink sink) {
        int to = received.length();
        if (decoder.dataAhead() >= to - from) {
            decoder.skip(to - from);
            bytes += to - from;
            sink.write(received, from, to, decoder.done());
            return to;
        }
        byte[] scratch = to - from <= space.length ? space : new byte[to - from];
        received.copy(from, to, scratch, 0);
        int at = 0;
        int asItComes = -1; // where that ends, when trailers begin
        int length = to - from;
        while (at < length && !decoder.done()) {
            int data = (int) Math.min(decoder.dataAhead(), length - at);
            if (data > 0) {
                decoder.skip(data);
                if (dataOnly) {
                    sink.write(scratch, at, at + data, decoder.done());
                }
                at += data;
            } else {
                if (decoder.inTrailers() && asItComes < 0) {
                    asItComes = at;
                }
                at = decoder.read(scratch, at, length);
                if (at < 0) {
                    return REFUSED;
                }
                if (dataOnly && decoder.done()) {
                    end(sink);
                }
            }
        }
        if (!dataOnly) {
            writeFramed(received, from, asItComes < 0 ? at : asItComes, asItComes >= 0, sink);
        }
        bytes += at;
        return from + at;
    }

    private void writeFramed(Received received, int from, int length, boolean trailers, Sink sink) {
        if (length > 0 || !trailers) {
            sink.write(received, from, from + length, !trailers && decoder.done());
        }
        if (trailers && decoder.done()) {
            end(sink);
        }
    }

    private void end(Sink sink) {
        byte[] sound = decoder.trailersLength() == 0
                ? NO_TRAILERS
                : Trailers.sound(decoder.trailers(), 0, decoder.trailersLength());
        if (!dataOnly) {
            byte[] framed = Arrays.copyOf(sound, sound.length + 2);
            framed[sound.length] = '\r';
            framed[sound.length + 1] = '\n';
            sink.write(framed, 0, framed.length, true);
        } else if (sound.length > 0) {
            sink.trailers(sound, 0, sound.length);
        } else {
            sink.end();
        }
    }
}
