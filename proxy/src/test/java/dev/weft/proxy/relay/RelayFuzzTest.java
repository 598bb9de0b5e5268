package dev.weft.proxy.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.http.transport.Received;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a connection begins with, and the frames of opaque streams: no input breaks their readers, split as it may be. */
class RelayFuzzTest {

    private static final int INPUTS = 50_000;
    private static final int INPUTS_FULL = 10_000_000;
    private static final String[] STARTS = {
        "GET / HTTP/1.1\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "\r\nPOST /a", "SSH-2.0"
    };

    @Test
    void noBeginningBreaksDetection() {
        detect(1, INPUTS);
    }

    @Test
    @Tag("full")
    void noneOfTenMillionBeginningsBreaksDetection() {
        detect(2, INPUTS_FULL);
    }

    /** What was found in a part must be what is found in the whole. */
    private static void detect(long seed, int inputs) {
        SplittableRandom random = new SplittableRandom(seed);
        int found = 0;
        for (int i = 0; i < inputs; i++) {
            byte[] bytes = random.nextBoolean() ? hello(random) : start(random);
            try {
                Optional<Detected> whole = Detection.look(bytes, bytes.length);
                Optional<Detected> part = Detection.look(bytes, 1 + random.nextInt(bytes.length));
                if (part.isPresent() && !part.equals(whole)) {
                    throw new IllegalStateException(part + " in a part, " + whole + " in the whole");
                }
                found += whole.isPresent() ? 1 : 0;
                var _ = Detection.afterPause(bytes, bytes.length);
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ", input " + i, e);
            }
        }
        assertThat(found).isGreaterThan(inputs / 10);
    }

    private static byte[] start(SplittableRandom random) {
        byte[] bytes = STARTS[random.nextInt(STARTS.length)].getBytes(StandardCharsets.US_ASCII);
        for (int i = random.nextInt(3); i > 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        return bytes;
    }

    /** A ClientHello with a server name, some of its bytes changed; lengths count as bytes too. */
    private static byte[] hello(SplittableRandom random) {
        int name = 1 + random.nextInt(12);
        int list = name + 5;
        int extensions = list + 4;
        int body = 2 + 32 + 1 + 2 + 2 + 1 + 1 + 2 + extensions;
        byte[] bytes = new byte[5 + 4 + body];
        int at = put(bytes, 0, 22, 3, 1, (body + 4) >> 8, body + 4, 1, 0, body >> 8, body, 3, 3) + 32;
        at = put(bytes, at, 0, 0, 2, 0x13, 1, 1, 0, extensions >> 8, extensions);
        at = put(bytes, at, 0, 0, list >> 8, list, (list - 2) >> 8, list - 2, 0, name >> 8, name);
        while (at < bytes.length) {
            bytes[at++] = (byte) ('a' + random.nextInt(26));
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            bytes[1 + random.nextInt(bytes.length - 1)] = (byte) random.nextInt();
        }
        return bytes;
    }

    private static int put(byte[] bytes, int from, int... values) {
        for (int i = 0; i < values.length; i++) {
            bytes[from + i] = (byte) values[i];
        }
        return from + values.length;
    }

    @Test
    void noBytesBreakTheFrameReader() {
        frames(3, INPUTS);
    }

    @Test
    @Tag("full")
    void noneOfTenMillionStreamsOfBytesBreaksTheFrameReader() {
        frames(4, INPUTS_FULL);
    }

    private static void frames(long seed, int inputs) {
        SplittableRandom random = new SplittableRandom(seed);
        int refused = 0;
        for (int i = 0; i < inputs; i++) {
            byte[] bytes = stream(random);
            try {
                String whole = heard(bytes, bytes.length, random);
                String split = heard(bytes, 1 + random.nextInt(9), random);
                if (!split.equals(whole)) {
                    throw new IllegalStateException("whole: " + whole + "; split: " + split);
                }
                refused += whole.endsWith("malformed") ? 1 : 0;
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ", input " + i, e);
            }
        }
        assertThat(refused).isBetween(inputs / 10, inputs - inputs / 10);
    }

    private static byte[] stream(SplittableRandom random) {
        byte[] bytes = new byte[200];
        int end = 0;
        for (int i = 1 + random.nextInt(6); i > 0; i--) {
            int length = random.nextInt(30) == 0 ? random.nextInt(1 << 24) : random.nextInt(20);
            end = put(
                    bytes,
                    end,
                    random.nextInt(20) == 0 ? random.nextInt() : random.nextInt(6),
                    length >> 16,
                    length >> 8,
                    length);
            for (int j = Math.min(length, 25); j > 0; j--) {
                bytes[end++] = (byte) (random.nextInt(5) == 0 ? ' ' : 'a' + random.nextInt(26));
            }
        }
        return java.util.Arrays.copyOf(bytes, end);
    }

    /** All that was heard, data joined. */
    private static String heard(byte[] bytes, int stepMax, SplittableRandom random) {
        StringBuilder heard = new StringBuilder();
        FrameReader reader = new FrameReader();
        reader.sink(new Hearing(heard));
        for (int at = 0; at < bytes.length; ) {
            int to = Math.min(bytes.length, at + 1 + random.nextInt(stepMax));
            if (!reader.read(Received.of(bytes, at, to))) {
                return heard + "malformed";
            }
            at = to;
        }
        return heard.toString();
    }

    private record Hearing(StringBuilder heard) implements FrameReader.Sink {

        @Override
        public void data(Received bytes, int from, int to) {
            byte[] copy = new byte[to - from];
            bytes.copy(from, to, copy, 0);
            heard.append(new String(copy, StandardCharsets.ISO_8859_1));
        }

        @Override
        public void named(String name) {
            heard.append("[named ").append(name).append(']');
        }

        @Override
        public void opened() {
            heard.append("[opened]");
        }

        @Override
        public void refused(String code, String detail) {
            heard.append("[refused ").append(code).append(": ").append(detail).append(']');
        }

        @Override
        public void ended() {
            heard.append("[ended]");
        }

        @Override
        public void broken(String detail) {
            heard.append("[broken ").append(detail).append(']');
        }
    }
}
