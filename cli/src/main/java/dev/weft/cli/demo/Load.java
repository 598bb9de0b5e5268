package dev.weft.cli.demo;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Clients that send one request after the other, each on a kept-alive connection of its own, and count every one. No
 * request is ever repeated: what breaks is counted as failed.
 *
 * <p>Owner of the results: a concurrent queue that the clients add to; {@link #finish} reads it after they ended.
 */
final class Load {

    /** In every whole answer of hello: it got its quote. */
    private static final String EXPECTED = "(quote v";

    /** Answers with anything but 200 and a quote, and requests without an answer. */
    record Failure(String what) {}

    private final ConcurrentLinkedQueue<Answer> answers = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Failure> failures = new ConcurrentLinkedQueue<>();
    private final AtomicInteger sent = new AtomicInteger();
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final List<Thread> clients;
    private final int limit;

    private Load(Target target, String path, int clients, int limit) {
        this.limit = limit;
        this.clients = java.util.stream.IntStream.range(0, clients)
                .mapToObj(client -> Thread.ofVirtual().start(() -> send(target, path)))
                .toList();
    }

    /** Sends exactly {@code requests} requests and waits for all answers. */
    static Result send(Target target, String path, int clients, int requests) {
        return new Load(target, path, clients, requests).await();
    }

    /** Sends until {@link #finish}. */
    static Load start(Target target, String path, int clients) {
        return new Load(target, path, clients, Integer.MAX_VALUE);
    }

    int sentSoFar() {
        return sent.get();
    }

    /** Lets every client finish the request that it is at. */
    Result finish() {
        stopped.set(true);
        return await();
    }

    private Result await() {
        try {
            for (Thread client : clients) {
                client.join();
            }
        } catch (InterruptedException e) {
            stopped.set(true);
            Thread.currentThread().interrupt();
            throw new NotHeld("a whole run", "an interruption");
        }
        return new Result(sent.get(), List.copyOf(answers), List.copyOf(failures));
    }

    private void send(Target target, String path) {
        Connection connection = null;
        while (!stopped.get() && sent.getAndUpdate(count -> Math.min(count + 1, limit)) < limit) {
            try {
                if (connection == null) {
                    connection = new Connection(target);
                }
                Answer answer = connection.get(path);
                answers.add(answer);
                if (answer.status() != 200 || !answer.body().contains(EXPECTED)) {
                    failures.add(
                            new Failure(answer.status() + " " + answer.header("weft-error") + " " + answer.body()));
                }
                if (answer.header("connection").equalsIgnoreCase("close")) {
                    connection.close();
                    connection = null;
                }
            } catch (IOException e) {
                failures.add(new Failure(e.toString()));
                connection = null;
            }
        }
        try {
            if (connection != null) {
                connection.close();
            }
        } catch (IOException e) {
            failures.add(new Failure("closing: " + e));
        }
    }

    /** What came of it. */
    record Result(int sent, List<Answer> answers, List<Failure> failures) {

        /** Latency in milliseconds below which this share of the answers stayed. */
        double millis(double share) {
            long[] sorted = answers.stream().mapToLong(Answer::nanos).sorted().toArray();
            if (sorted.length == 0) {
                return 0;
            }
            int index = (int) Math.ceil(share * sorted.length) - 1;
            return sorted[Math.clamp(index, 0, sorted.length - 1)] / 1e6;
        }

        long bodiesWith(String text) {
            return answers.stream()
                    .filter(answer -> answer.body().contains(text))
                    .count();
        }

        /** Throws unless every request got its 200. */
        Result allAnswered() {
            NotHeld.unless(
                    failures.isEmpty() && answers.size() == sent,
                    "none of " + sent + " requests lost",
                    failures.size() + " failed, first: " + failures.stream().findFirst());
            return this;
        }

        @Override
        public String toString() {
            return sent + " sent, " + answers.size() + " answered, failures " + Arrays.toString(failures.toArray());
        }
    }
}
