package dev.weft.http.h1;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Finds where a body ends, and which of its bytes are data (RFC 9112 sections 6 and 7). Bytes pass by; nothing is kept.
 * Used again for every message.
 */
public final class BodyDecoder {

    /** {@link #read} found a malformed chunk: {@link #problem()} says what. */
    public static final int REFUSED = -2;

    private static final int SIZE_DIGITS_MAX = 15;
    private static final int DATA_PER_EXTENSION_BYTE = 8;

    private enum Phase {
        DONE,
        LENGTH,
        UNTIL_CLOSE,
        SIZE,
        EXTENSION,
        SIZE_LF,
        DATA,
        DATA_CR,
        DATA_LF,
        TRAILER_START,
        TRAILER_NAME,
        TRAILER_VALUE,
        TRAILER_LF,
        LAST_LF
    }

    private BodyLimits limits = BodyLimits.DEFAULT;
    private Phase phase = Phase.DONE;
    private long remaining;
    private int digits;
    private long dataBytes;
    private long extensionBytes;
    private int trailerBytes;
    private boolean inTrailers;
    private byte[] trailers = {};
    private int trailersLength;
    private @Nullable ProtocolProblem problem;

    /** Whether all that is left of the body is trailer lines and the empty line after them. */
    public boolean inTrailers() {
        return inTrailers;
    }

    /** The trailer lines of the body that is done, each with its CR LF, up to {@link #trailersLength()}. */
    public byte[] trailers() {
        return trailers;
    }

    /** In bytes; 0 when there were none. */
    public int trailersLength() {
        return trailersLength;
    }

    /** What the bodies that come next may cost. */
    public void limits(BodyLimits others) {
        limits = others;
    }

    /** Begins a body; {@code length} counts only for {@link Framing#LENGTH}. */
    public void begin(Framing framing, long length) {
        problem = null;
        remaining = 0;
        trailersLength = 0;
        inTrailers = false;
        dataBytes = 0;
        extensionBytes = 0;
        trailerBytes = 0;
        switch (framing) {
            case NONE -> phase = Phase.DONE;
            case LENGTH -> {
                phase = length == 0 ? Phase.DONE : Phase.LENGTH;
                remaining = length;
            }
            case CHUNKED -> beginSize();
            case UNTIL_CLOSE -> phase = Phase.UNTIL_CLOSE;
        }
    }

    public boolean done() {
        return phase == Phase.DONE;
    }

    /** Whether the connection's end is the body's end, and no fault. */
    public boolean endsWithConnection() {
        return phase == Phase.UNTIL_CLOSE;
    }

    /** How many of the coming bytes are data for certain: they need not be looked at, only {@link #skip}ped. */
    public long dataAhead() {
        return switch (phase) {
            case LENGTH, DATA -> remaining;
            case UNTIL_CLOSE -> Long.MAX_VALUE;
            default -> 0;
        };
    }

    /** Passes data over; at most {@link #dataAhead()} bytes. */
    public void skip(long bytes) {
        if (phase == Phase.UNTIL_CLOSE) {
            return;
        }
        remaining -= bytes;
        dataBytes += bytes;
        if (remaining == 0) {
            phase = phase == Phase.LENGTH ? Phase.DONE : Phase.DATA_CR;
        }
    }

    /**
     * Passes over what stands between data: chunk sizes, extensions, trailers.
     *
     * @return the offset of the next data byte, of the first trailer line, of the byte after the body, or {@code to}; or
     *     {@link #REFUSED}
     */
    public int read(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && phase != Phase.DONE && dataAhead() == 0) {
            if (phase == Phase.TRAILER_START && !inTrailers && bytes[at] != '\r') {
                inTrailers = true;
                return at;
            }
            ProtocolProblem found = step(bytes[at]);
            if (found != null) {
                problem = found;
                return REFUSED;
            }
            at++;
        }
        return at;
    }

    public ProtocolProblem problem() {
        ProtocolProblem found = problem;
        if (found == null) {
            throw new IllegalStateException("the body was not refused");
        }
        return found;
    }

    private void beginSize() {
        phase = Phase.SIZE;
        remaining = 0;
        digits = 0;
    }

    private @Nullable ProtocolProblem step(byte b) {
        return switch (phase) {
            case SIZE -> size(b);
            case EXTENSION -> extension(b);
            case SIZE_LF -> {
                phase = remaining > 0 ? Phase.DATA : Phase.TRAILER_START;
                yield b == '\n' ? null : ProtocolProblem.BAD_CHUNK_SIZE;
            }
            case DATA_CR -> {
                phase = Phase.DATA_LF;
                yield b == '\r' ? null : ProtocolProblem.BAD_CHUNK_END;
            }
            case DATA_LF -> {
                beginSize();
                yield b == '\n' ? null : ProtocolProblem.BAD_CHUNK_END;
            }
            case TRAILER_START, TRAILER_NAME, TRAILER_VALUE, TRAILER_LF, LAST_LF -> trailer(b);
            case DONE, LENGTH, UNTIL_CLOSE, DATA -> throw new IllegalStateException("no overhead in " + phase);
        };
    }

    private @Nullable ProtocolProblem size(byte b) {
        int digit = Characters.HEX[b & 0xff];
        if (digit >= 0) {
            remaining = remaining << 4 | digit;
            return ++digits > SIZE_DIGITS_MAX ? ProtocolProblem.BAD_CHUNK_SIZE : null;
        }
        if (digits == 0) {
            return ProtocolProblem.BAD_CHUNK_SIZE;
        }
        if (b == '\r') {
            phase = Phase.SIZE_LF;
            return null;
        }
        phase = Phase.EXTENSION;
        return b == ';' ? null : ProtocolProblem.BAD_CHUNK_SIZE;
    }

    private @Nullable ProtocolProblem extension(byte b) {
        if (b == '\r') {
            phase = Phase.SIZE_LF;
            return null;
        }
        boolean sound = Characters.VALUE[b & 0xff]
                && ++extensionBytes <= limits.extensionBytesMax() + dataBytes / DATA_PER_EXTENSION_BYTE;
        return sound ? null : ProtocolProblem.BAD_CHUNK_EXTENSION;
    }

    private @Nullable ProtocolProblem trailer(byte b) {
        if (++trailerBytes > limits.trailerBytesMax()) {
            return ProtocolProblem.BAD_TRAILER;
        }
        boolean token = Characters.TOKEN[b & 0xff] != 0;
        boolean sound;
        if (phase != Phase.LAST_LF && !(phase == Phase.TRAILER_START && b == '\r')) {
            keep(b);
        }
        switch (phase) {
            case TRAILER_START -> {
                sound = token || b == '\r';
                phase = token ? Phase.TRAILER_NAME : Phase.LAST_LF;
            }
            case TRAILER_NAME -> {
                sound = token || b == ':';
                phase = token ? Phase.TRAILER_NAME : Phase.TRAILER_VALUE;
            }
            case TRAILER_VALUE -> {
                sound = Characters.VALUE[b & 0xff] || b == '\r';
                phase = b == '\r' ? Phase.TRAILER_LF : Phase.TRAILER_VALUE;
            }
            case TRAILER_LF -> {
                sound = b == '\n';
                phase = Phase.TRAILER_START;
            }
            default -> {
                sound = b == '\n';
                phase = Phase.DONE;
            }
        }
        return sound ? null : ProtocolProblem.BAD_TRAILER;
    }

    private void keep(byte b) {
        if (trailersLength == trailers.length) {
            trailers = Arrays.copyOf(trailers, Math.max(256, trailersLength * 2));
        }
        trailers[trailersLength++] = b;
    }
}
