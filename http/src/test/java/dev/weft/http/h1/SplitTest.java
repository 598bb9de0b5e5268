package dev.weft.http.h1;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** However bytes are split, sound or broken, the result is the same as for the whole. */
class SplitTest {

    private static final Limits LIMITS = new Limits(120, 40, 8);
    private static final int ROUNDS = 4_000;
    private static final int ROUNDS_FULL = 10_000_000;
    private static final List<String> PIECES = List.of(
            "GET / HTTP/1.1|",
            "POST /a?b HTTP/1.1|",
            "PUT http://h/x HTTP/1.0|",
            "Host: a|",
            "host: b:80|",
            "Content-Length: 3|",
            "Transfer-Encoding: chunked|",
            "X: y|",
            "Connection: close, x|",
            " folded|",
            "bad :|",
            "|",
            "||",
            "abc",
            "3|abc|",
            "a;x=y|0123456789|",
            "0||",
            "0|t: u||",
            "\\n",
            "\\r",
            "\\0",
            "e|",
            "HTTP/1.1 200 OK|");

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void makesNoDifference(long seed) {
        compare(seed, ROUNDS);
    }

    @Test
    @Tag("full")
    void makesNoDifferenceToTenMillionInputs() {
        compare(4, ROUNDS_FULL);
    }

    private static void compare(long seed, int rounds) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        for (int round = 0; round < rounds; round++) {
            byte[] bytes = message(random);
            String whole = read(bytes, bytes.length, random);
            String split = read(bytes, 1 + random.nextInt(9), random);
            if (!split.equals(whole)) {
                assertThat(split)
                        .as(() -> "seed " + seed + ": " + new String(bytes, StandardCharsets.ISO_8859_1))
                        .isEqualTo(whole);
            }
        }
    }

    private static byte[] message(RandomGenerator random) {
        StringBuilder text = new StringBuilder(random.nextBoolean() ? PIECES.get(random.nextInt(3)) + "Host: a|" : "");
        int pieces = 1 + random.nextInt(12);
        for (int i = 0; i < pieces; i++) {
            text.append(PIECES.get(random.nextInt(PIECES.size())));
        }
        byte[] bytes = Messages.bytes(text.toString());
        for (int i = random.nextInt(4) - 1; i > 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        return bytes;
    }

    /** Reads a request, then a response, and says all there is to say about them. */
    private static String read(byte[] bytes, int stepMax, RandomGenerator random) {
        return request(bytes, stepMax, random) + " / " + response(bytes, stepMax, random);
    }

    private static String request(byte[] bytes, int stepMax, RandomGenerator random) {
        RequestHead head = new RequestHead(LIMITS);
        head.reset(0);
        int known = 0;
        int state = RequestHead.INCOMPLETE;
        while (known < bytes.length && state == RequestHead.INCOMPLETE) {
            known = stepMax == bytes.length ? stepMax : Math.min(bytes.length, known + 1 + random.nextInt(stepMax));
            state = head.parse(Arrays.copyOf(bytes, known), known);
        }
        if (state == RequestHead.REFUSED) {
            return "refused " + head.problem();
        }
        if (state == RequestHead.INCOMPLETE) {
            bounded(known, 0, 0);
            return "incomplete";
        }
        bounded(state, head.target().path().length(), head.fields().count());
        String line =
                head.method() + " " + head.target().host() + " " + head.target().path() + " " + head.framing();
        return line + " " + head.fields().count() + " "
                + body(bytes, state, head.framing(), head.contentLength(), stepMax, random);
    }

    private static String response(byte[] bytes, int stepMax, RandomGenerator random) {
        ResponseHead head = new ResponseHead(LIMITS);
        head.reset(0);
        int known = 0;
        int state = ResponseHead.INCOMPLETE;
        while (known < bytes.length && state == ResponseHead.INCOMPLETE) {
            known = stepMax == bytes.length ? stepMax : Math.min(bytes.length, known + 1 + random.nextInt(stepMax));
            state = head.parse(Arrays.copyOf(bytes, known), known);
        }
        if (state == ResponseHead.REFUSED) {
            return "refused " + head.problem();
        }
        bounded(
                state == ResponseHead.INCOMPLETE ? known : state,
                0,
                head.fields().count());
        return state == ResponseHead.INCOMPLETE ? "incomplete" : head.status() + " " + state;
    }

    /** What was taken is within the limits, and what waits for more would be too. */
    private static void bounded(int headBytes, int targetBytes, int fields) {
        if (headBytes > LIMITS.headBytesMax() || targetBytes > LIMITS.targetBytesMax() || fields > LIMITS.fieldsMax()) {
            throw new AssertionError(
                    headBytes + " bytes, target " + targetBytes + ", " + fields + " fields of " + LIMITS);
        }
    }

    private static String body(
            byte[] bytes, int from, Framing framing, long length, int stepMax, RandomGenerator random) {
        BodyDecoder decoder = new BodyDecoder();
        decoder.begin(framing, length);
        StringBuilder data = new StringBuilder();
        int at = from;
        while (at < bytes.length && !decoder.done()) {
            int to = Math.min(bytes.length, at + 1 + random.nextInt(stepMax));
            Body part = Body.of(decoder, Arrays.copyOf(bytes, to), at);
            data.append(part.data());
            if (part.end() < 0) {
                return data + " refused " + decoder.problem();
            }
            at = part.end();
        }
        return data + (decoder.done() ? " done at " + at : " open");
    }
}
