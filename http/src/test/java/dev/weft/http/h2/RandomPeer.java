package dev.weft.http.h2;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Makes up what a peer might send: frames that are nearly right, and changed bytes in what was right. */
final class RandomPeer {

    private static final String[] FIELDS = {
        ":method=GET",
        ":method=POST",
        ":method=HEAD",
        ":method=CONNECT",
        ":scheme=http",
        ":path=/",
        ":path=/a?b",
        ":authority=a",
        ":status=200",
        ":status=103",
        ":protocol=websocket",
        "host=a",
        "content-length=3",
        "te=trailers",
        "cookie=a=b",
        "x=y",
        "connection=close",
        "X=y",
        "bad =y",
        "a=\r",
        ":path=",
        "content-length=x"
    };
    private static final int[] TYPES = {0, 0, 0, 1, 1, 1, 1, 2, 3, 4, 5, 6, 7, 8, 8, 9, 9, 16, 77};
    private static final int BYTES_MAX = 4096;

    private final SplittableRandom random;
    private final byte[] out = new byte[BYTES_MAX + 512];
    private int end;

    RandomPeer(SplittableRandom random) {
        this.random = random;
    }

    /** A connection's beginning, as a client or a server sends it, and what follows. */
    byte[] connection(boolean client, int framesMax) {
        end = 0;
        if (client) {
            add(FrameReader.PREFACE);
        }
        frame(Frames.SETTINGS, 0, 0, settings());
        int frames = random.nextInt(framesMax);
        for (int i = 0; i < frames && end < BYTES_MAX; i++) {
            frame();
        }
        if (random.nextInt(4) == 0) {
            for (int i = 1 + random.nextInt(3); i > 0; i--) {
                out[random.nextInt(end)] = (byte) random.nextInt();
            }
        }
        return Arrays.copyOf(out, end);
    }

    private void frame() {
        int stream = random.nextInt(8) == 0 ? random.nextInt(4) : 1 + 2 * random.nextInt(4);
        int type = TYPES[random.nextInt(TYPES.length)];
        int flags = random.nextInt(3) == 0 ? random.nextInt(64) : random.nextInt(2) | Frames.END_HEADERS;
        switch (type) {
            case Frames.HEADERS, Frames.CONTINUATION ->
                frame(type, flags & ~Frames.PADDED & ~Frames.WITH_PRIORITY, stream, block());
            case Frames.SETTINGS -> frame(type, random.nextInt(2), 0, random.nextInt(3) == 0 ? Wire.NONE : settings());
            case Frames.PING -> frame(type, flags & 1, 0, noise(8));
            case Frames.WINDOW_UPDATE, Frames.RST_STREAM ->
                frame(type, 0, stream, noise(random.nextInt(9) == 0 ? 3 : 4));
            case Frames.PRIORITY -> frame(type, 0, stream, noise(5));
            default ->
                frame(
                        type,
                        flags,
                        random.nextInt(16) == 0 ? 0 : stream,
                        noise(random.nextInt(random.nextInt(20) == 0 ? 700 : 12)));
        }
    }

    private byte[] settings() {
        byte[] one =
                Wire.setting(1 + random.nextInt(8), random.nextInt(4) == 0 ? random.nextInt() : random.nextInt(70_000));
        return random.nextBoolean() ? one : Wire.setting(Frames.INITIAL_WINDOW_SIZE, random.nextInt(100_000));
    }

    private byte[] block() {
        if (random.nextInt(6) == 0) {
            return noise(random.nextInt(40));
        }
        byte[] request = Wire.block(":method=POST", ":scheme=http", ":path=/x");
        byte[] response = Wire.block(":status=200");
        byte[] rest = Wire.NONE;
        for (int i = random.nextInt(4); i > 0; i--) {
            byte[] field = Wire.block(FIELDS[random.nextInt(FIELDS.length)]);
            field[0] = random.nextBoolean() ? 0x40 : (byte) 0;
            rest = joined(rest, field);
        }
        if (random.nextInt(3) == 0) {
            rest = joined(rest, new byte[] {(byte) (0x80 | random.nextInt(70))});
        }
        return switch (random.nextInt(4)) {
            case 0 -> rest;
            case 1 -> joined(response, rest);
            default -> joined(request, rest);
        };
    }

    private byte[] noise(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        if (length == 4 && random.nextBoolean()) {
            Characters.INT.set(bytes, 0, random.nextInt(100_000));
        }
        return bytes;
    }

    private static byte[] joined(byte[] one, byte[] other) {
        byte[] both = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }

    private void frame(int type, int flags, int stream, byte[] payload) {
        add(Wire.frame(type, flags, stream, payload));
    }

    private void add(byte[] bytes) {
        int length = Math.min(bytes.length, out.length - end);
        System.arraycopy(bytes, 0, out, end, length);
        end += length;
    }
}
