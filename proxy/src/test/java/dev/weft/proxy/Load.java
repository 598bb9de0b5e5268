package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Requests at a steady rate over a few connections, every second one a POST; notes each that is not answered with 200. */
final class Load {

    private static final int CLIENTS = 10;

    private final List<Thread> threads = new ArrayList<>();
    private final AtomicInteger answered = new AtomicInteger();
    private final ConcurrentLinkedQueue<String> lost = new ConcurrentLinkedQueue<>();
    private volatile boolean over;

    /** Where some of the clients send to. */
    record Target(String address, int port, String host) {}

    private Load() {}

    static Load begin(int perSecond, List<Target> targets) {
        Load load = new Load();
        for (int i = 0; i < CLIENTS; i++) {
            Target target = targets.get(i % targets.size());
            long pause = 1_000_000_000L * CLIENTS / perSecond;
            load.threads.add(Thread.ofVirtual().start(() -> load.run(target, pause)));
        }
        Stage.await(() -> load.answered.get() > 0 || !load.lost.isEmpty());
        return load;
    }

    private void run(Target target, long pauseNanos) {
        String get = "GET / HTTP/1.1|Host: " + target.host() + "||";
        String post = "POST / HTTP/1.1|Host: " + target.host() + "|Content-Length: 3||abc";
        long next = System.nanoTime();
        int number = 0;
        try (Client client = new Client(target.address(), target.port())) {
            while (!over) {
                Client.Answer answer =
                        client.send(number++ % 2 == 0 ? get : post).read();
                if (answer.status() == 200) {
                    answered.incrementAndGet();
                } else {
                    lost.add(target + " " + answer);
                }
                next += pauseNanos;
                LockSupport.parkNanos(next - System.nanoTime());
            }
        } catch (IOException e) {
            lost.add(target + " " + e);
        }
    }

    void endsWithoutLoss() {
        over = true;
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
        assertThat(lost).isEmpty();
        assertThat(answered).hasPositiveValue();
    }

    @Override
    public String toString() {
        return answered + " requests answered, " + lost.size() + " lost";
    }
}
