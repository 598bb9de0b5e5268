package dev.weft.http.h2;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever a peer sends, and however it is split: no exception escapes, no buffer grows beyond its limit, and the events
 * are the same.
 */
class FuzzTest {

    private static final int BOUNDED = 30_000;
    private static final int FULL = 10_000_000;

    /** Of heads and blocks together, several times over: buffers double, and what is Huffman-coded unfolds. */
    private static final int HELD_BYTES_MAX = 64 * 1024;

    private static final int HEAD_BYTES_MAX = 4096;

    @Test
    void noInputBreaksASession() {
        run(1, BOUNDED);
    }

    @Test
    @Tag("full")
    void noneOfTenMillionInputsBreaksASession() {
        run(2, FULL);
    }

    private static void run(long seed, int inputs) {
        SplittableRandom random = new SplittableRandom(seed);
        RandomPeer peer = new RandomPeer(random);
        for (int i = 0; i < inputs; i++) {
            boolean server = random.nextBoolean();
            byte[] bytes = peer.connection(server, 12);
            Reacting reacting = new Reacting(server, random.split());
            try {
                reacting.receive(bytes, random.nextInt(3) == 0 ? bytes.length : 1 + random.nextInt(40));
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ", input " + i + " of " + bytes.length + " bytes", e);
            }
            if (reacting.session.heldForPeer() > HELD_BYTES_MAX) {
                throw new AssertionError("seed " + seed + ", input " + i + ": " + reacting.session.heldForPeer());
            }
        }
    }

    /** Reacts to what it hears by chance. */
    private static final class Reacting implements SessionEvents, Output {

        private static final byte[] REQUEST = Pair.bytes("POST / HTTP/1.1|host: a|x: y||");
        private static final byte[] RESPONSE = Pair.bytes("HTTP/1.1 200 |x: y||");
        private static final byte[] BODY = new byte[70_000];

        private final SplittableRandom random;
        private final boolean server;
        private final Session session;
        private long written;

        Reacting(boolean server, SplittableRandom random) {
            this.random = random;
            this.server = server;
            SessionOptions options = SessionOptions.DEFAULT.heads(HEAD_BYTES_MAX, 20);
            session = server ? Session.server(options, this, this) : Session.client(options, this, this);
            session.start(1);
            for (int i = 0; i < 3 && !server; i++) {
                session.open(REQUEST, 0, REQUEST.length, random.nextBoolean());
            }
        }

        void receive(byte[] bytes, int stepMax) {
            int at = 0;
            boolean sound = true;
            while (at < bytes.length && sound) {
                int to = Math.min(bytes.length, at + 1 + random.nextInt(stepMax));
                sound = session.receive(bytes, at, to, at);
                at = to;
            }
            session.timedOut(Long.MAX_VALUE / 2);
        }

        /** Seldom more than the window. */
        private int length() {
            return random.nextInt(50) == 0 ? BODY.length : random.nextInt(300);
        }

        private void react(int stream) {
            switch (random.nextInt(8)) {
                case 0 -> session.reset(stream, ErrorType.CANCEL);
                case 1 -> session.data(stream, BODY, 0, length(), random.nextBoolean());
                case 2 -> session.head(stream, RESPONSE, 0, RESPONSE.length, random.nextBoolean());
                case 3 -> session.trailers(stream, RESPONSE, 15, RESPONSE.length);
                case 4 -> session.goAway(1);
                case 5 -> {
                    if (!server) {
                        session.open(REQUEST, 0, REQUEST.length, true);
                    }
                }
                default -> {
                    session.head(stream, RESPONSE, 0, RESPONSE.length, false);
                    session.data(stream, BODY, 0, 100, true);
                }
            }
        }

        @Override
        public void write(byte[] bytes, int from, int to) {
            written += to - from;
            if (written > 10_000_000) {
                throw new IllegalStateException("more than 10 MB in answer to a few hundred bytes");
            }
        }

        @Override
        public boolean writable() {
            return written % 3 != 0;
        }

        @Override
        public void head(int stream, byte[] bytes, int from, int to, boolean end) {
            if (to - from > HEAD_BYTES_MAX + 200) {
                throw new IllegalStateException("a head of " + (to - from) + " bytes");
            }
            react(stream);
        }

        @Override
        public void headTooLarge(int stream, boolean end) {
            react(stream);
        }

        @Override
        public void data(int stream, byte[] bytes, int from, int to, boolean end) {
            session.consumed(stream, random.nextInt(to - from + 2));
            react(stream);
        }

        @Override
        public void trailers(int stream, byte[] fieldLines, int from, int to) {
            react(stream);
        }

        @Override
        public void reset(int stream, ErrorType code) {
            react(stream);
        }

        @Override
        public void writable(int stream) {
            react(stream);
        }

        @Override
        public void goAway(int lastStream, ErrorType code) {
            react(lastStream);
        }

        @Override
        public void streamsAllowed(int count) {}
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void splittingMakesNoDifference(long seed) {
        split(seed, 4_000);
    }

    @Test
    @Tag("full")
    void splittingMakesNoDifferenceToTenMillionInputs() {
        split(4, FULL);
    }

    private static void split(long seed, int inputs) {
        SplittableRandom random = new SplittableRandom(seed);
        RandomPeer peer = new RandomPeer(random);
        for (int i = 0; i < inputs; i++) {
            boolean server = random.nextBoolean();
            byte[] bytes = peer.connection(server, 12);
            List<String> whole = heard(server, bytes, 0, random);
            List<String> split = heard(server, bytes, 1 + random.nextInt(30), random);
            if (!split.equals(whole)) {
                assertThat(split).as("seed %d, input %d", seed, i).isEqualTo(whole);
            }
        }
    }

    private static List<String> heard(boolean server, byte[] bytes, int stepMax, SplittableRandom random) {
        Recorder recorder = new Recorder();
        Session session = server
                ? Session.server(SessionOptions.DEFAULT, recorder, recorder)
                : Session.client(SessionOptions.DEFAULT, recorder, recorder);
        recorder.over(session);
        session.start(1);
        byte[] request = Pair.bytes("POST / HTTP/1.1|host: a||");
        for (int i = 0; i < 3 && !server; i++) {
            session.open(request, 0, request.length, false);
        }
        int at = 0;
        while (at < bytes.length && !session.broken()) {
            int to = stepMax == 0 ? bytes.length : Math.min(bytes.length, at + 1 + random.nextInt(stepMax));
            session.receive(bytes, at, to, 1);
            at = to;
        }
        recorder.events.add(session.problem());
        return recorder.events;
    }
}
