package dev.weft.http.h2;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two sessions that talk at random, over a wire that cuts anywhere: each message arrives as it was sent, and whole. */
class RandomTrafficTest {

    private final Map<Integer, StringBuilder> sentUp = new HashMap<>();
    private final Map<Integer, StringBuilder> sentDown = new HashMap<>();
    private final List<Integer> requesting = new ArrayList<>();
    private final List<Integer> answering = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void arrivesAsItWasSent(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        SessionOptions small = SessionOptions.DEFAULT.windows(1 + random.nextInt(20_000), 65_535);
        Pair pair = new Pair(small, seed % 2 == 0 ? small : SessionOptions.DEFAULT);
        for (int i = 0; i < 1_000; i++) {
            act(pair, random);
            if (random.nextInt(3) == 0) {
                carry(pair, random);
            }
        }
        carry(pair, random);
        requesting.forEach(stream -> endUp(pair, stream, random));
        answering.forEach(stream -> send(pair.server, sentDown, stream, "", true));
        pair.exchange();
        assertThat(pair.client.problem() + pair.server.problem()).isEmpty();
        assertThat(pair.client.openStreams()).isZero();
        assertThat(pair.server.openStreams()).isZero();
        assertThat(messages(pair.atServer)).isEqualTo(texts(sentUp));
        assertThat(messages(pair.atClient)).isEqualTo(texts(sentDown));
    }

    private void act(Pair pair, SplittableRandom random) {
        switch (random.nextInt(5)) {
            case 0 -> open(pair, random);
            case 1, 2 -> {
                if (!requesting.isEmpty()) {
                    int at = random.nextInt(requesting.size());
                    int stream = requesting.get(at);
                    if (random.nextInt(3) == 0) {
                        requesting.remove(/* index */ at);
                        endUp(pair, stream, random);
                    } else if (pair.client.writable(stream)) {
                        send(pair.client, sentUp, stream, text(random), false);
                    }
                }
            }
            default -> {
                if (!answering.isEmpty()) {
                    int at = random.nextInt(answering.size());
                    int stream = answering.get(at);
                    boolean end = random.nextInt(3) == 0;
                    send(pair.server, sentDown, stream, text(random), end);
                    if (end) {
                        answering.remove(/* index */ at);
                    }
                }
            }
        }
    }

    private void open(Pair pair, SplittableRandom random) {
        boolean end = random.nextBoolean();
        String path = "/" + random.nextInt(50);
        String head = "POST " + path + " HTTP/1.1|host: h" + random.nextInt(3) + "|x: "
                + "v".repeat(random.nextInt(200)) + "||";
        int stream = pair.open(head, end);
        if (stream > 0) {
            sentUp.put(stream, new StringBuilder("head " + head + (end ? " end" : "")));
            if (!end) {
                requesting.add(stream);
            }
        }
    }

    private void endUp(Pair pair, int stream, SplittableRandom random) {
        if (random.nextBoolean()) {
            String lines = "t: " + random.nextInt(9) + "|";
            Pair.trailers(pair.client, stream, lines);
            message(sentUp, stream).append("trailers ").append(lines);
        } else {
            send(pair.client, sentUp, stream, "", true);
        }
    }

    private static void send(Session session, Map<Integer, StringBuilder> sent, int stream, String text, boolean end) {
        Pair.data(session, stream, text, end);
        message(sent, stream).append(text).append(end ? " end" : "");
    }

    private static String text(SplittableRandom random) {
        return String.valueOf((char) ('a' + random.nextInt(26)))
                .repeat(random.nextInt(random.nextInt(10) == 0 ? 40_000 : 50));
    }

    /** Moves what both sides wrote, in pieces; the server begins to answer what it hears of. */
    private void carry(Pair pair, SplittableRandom random) {
        deliver(pair.server, pair.atClient.take(), random);
        for (String event : pair.atServer.events) {
            int stream = Integer.parseInt(event.substring(0, event.indexOf(' ')));
            if (event.contains(" head ") && !sentDown.containsKey(stream)) {
                String head = "HTTP/1.1 200 |n: " + stream % 7 + "||";
                pair.answer(stream, head, false);
                sentDown.put(stream, new StringBuilder("head " + head));
                answering.add(stream);
            }
        }
        deliver(pair.client, pair.atServer.take(), random);
    }

    private static void deliver(Session to, byte[] bytes, SplittableRandom random) {
        for (int at = 0; at < bytes.length; ) {
            int next = Math.min(bytes.length, at + 1 + random.nextInt(5_000));
            to.receive(bytes, at, next, 1);
            at = next;
        }
    }

    private static Map<Integer, String> messages(Recorder recorder) {
        Map<Integer, StringBuilder> messages = new HashMap<>();
        for (String event : recorder.events) {
            String[] parts = event.split(" ", 3);
            if (parts[1].equals("data")) {
                message(messages, Integer.parseInt(parts[0])).append(parts[2]);
            } else if (!parts[1].equals("writable")) {
                message(messages, Integer.parseInt(parts[0]))
                        .append(parts[1])
                        .append(' ')
                        .append(parts[2]);
            }
        }
        return texts(messages);
    }

    private static StringBuilder message(Map<Integer, StringBuilder> messages, int stream) {
        return messages.computeIfAbsent(stream, _ -> new StringBuilder());
    }

    private static Map<Integer, String> texts(Map<Integer, StringBuilder> builders) {
        Map<Integer, String> texts = new HashMap<>();
        builders.forEach((stream, text) -> texts.put(stream, text.toString()));
        return texts;
    }
}
