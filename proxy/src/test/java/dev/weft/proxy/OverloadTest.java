package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.policy.Balancing;
import dev.weft.model.policy.CircuitBreaking;
import dev.weft.model.policy.ConnectionLimits;
import dev.weft.model.policy.TrafficPolicy;
import dev.weft.model.traffic.EndpointGroup;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Three times as many requests as a service can take: what it can take is served, the rest is told so at once. */
@Tag("full")
class OverloadTest {

    private static final String GET = "GET / HTTP/1.1|Host: shop.test||";
    private static final int WORKERS = 8;
    private static final long SERVICE_NANOS = TimeUnit.MILLISECONDS.toNanos(40);
    private static final int CAPACITY = 200; // requests a second: 8 workers, 40 ms each
    private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(1_000);

    private final Stage stage = new Stage();
    private final int port = Ports.free();
    private final Queue<Client> idle = new ConcurrentLinkedQueue<>();

    @AfterEach
    void close() throws IOException {
        for (Client each : idle) {
            each.close();
        }
        stage.close();
    }

    /** What came back of one load. */
    private record Result(int good, int late, int refused, int broken, Took refusals, Took machine) {}

    /** Nanoseconds. */
    private record Took(long p50, long p99) {

        static Took of(Queue<Long> all) {
            long[] sorted = all.stream().mapToLong(each -> each).sorted().toArray();
            return sorted.length == 0
                    ? new Took(0, 0)
                    : new Took(sorted[sorted.length / 2], sorted[sorted.length * 99 / 100]);
        }
    }

    /** By what it has seen of the service. */
    @Test
    void keepsItsGoodputAtThreeTimesTheCapacity() throws Exception {
        overload(ConnectionLimits.NONE, true);
    }

    /** By numbers that somebody wrote: as many at a time as the service takes, and as many again that wait. */
    @Test
    void keepsItByPlainLimitsToo() throws Exception {
        overload(new ConnectionLimits(WORKERS, WORKERS, ConnectionLimits.UNLIMITED, 0), false);
    }

    private void overload(ConnectionLimits limits, boolean adaptive) throws Exception {
        Semaphore workers = new Semaphore(WORKERS, true);
        Upstream shop = stage.upstream((peer, _) -> {
            while (true) {
                peer.readHead();
                workers.acquireUninterruptibly();
                try {
                    LockSupport.parkNanos(SERVICE_NANOS);
                } finally {
                    workers.release();
                }
                peer.send("HTTP/1.1 200 OK|Content-Length: 5||hello");
            }
        });
        TrafficPolicy policy = new TrafficPolicy(
                Balancing.PEAK_EWMA, Duration.ZERO, TrafficPolicy.Zones.ANY, CircuitBreaking.OFF, limits, adaptive);
        stage.scene
                .edge(port)
                .host("shop.test", "shop")
                .group(new EndpointGroup(Scene.service("shop"), List.of(Scene.plain(shop.port())), false, 0)
                        .with(policy));
        stage.show();

        Result peak = load(CAPACITY, 10);
        long before = usedBytes();
        Result over = load(3 * CAPACITY, 20);
        long after = usedBytes();

        assertThat(over.good / 20.0)
                .as("goodput per second; at capacity %s, at three times %s", peak, over)
                .isGreaterThan(0.8 * peak.good / 10.0);
        assertThat(over.refused).isPositive();
        assertThat(over.refusals.p50 - over.machine.p50)
                .as("half of the refusals beyond what the machine itself is late by: %s", over)
                .isLessThan(Duration.ofMillis(5).toNanos());
        assertThat(over.refusals.p99 - over.machine.p99)
                .as("the slow ones too: %s", over)
                .isLessThan(Duration.ofMillis(100).toNanos());
        assertThat(over.broken).isZero();
        assertThat(after - before).as("bytes of heap more than before").isLessThan(32L * 1024 * 1024);
    }

    private Result load(int perSecond, int seconds) throws InterruptedException {
        int requests = perSecond * seconds;
        AtomicInteger good = new AtomicInteger();
        AtomicInteger tooLate = new AtomicInteger();
        AtomicInteger broken = new AtomicInteger();
        Queue<Long> refusals = new ConcurrentLinkedQueue<>();
        Queue<Long> late = new ConcurrentLinkedQueue<>();
        CountDownLatch done = new CountDownLatch(requests);
        long start = System.nanoTime();
        for (int i = 0; i < requests; i++) {
            long due = start + i * (Duration.ofSeconds(1).toNanos() / perSecond);
            while (System.nanoTime() - due < 0) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            late.add(System.nanoTime() - due);
            Thread.ofVirtual().start(() -> {
                long sent = System.nanoTime();
                switch (ask()) {
                    case 200 -> (System.nanoTime() - sent < PATIENCE_NANOS ? good : tooLate).incrementAndGet();
                    case 503 -> refusals.add(System.nanoTime() - sent);
                    default -> broken.incrementAndGet();
                }
                done.countDown();
            });
        }
        done.await();
        return new Result(good.get(), tooLate.get(), refusals.size(), broken.get(), Took.of(refusals), Took.of(late));
    }

    private int ask() {
        try {
            Client free = idle.poll();
            Client client = free == null ? Client.at(port) : free;
            int status = client.send(GET).read().status();
            idle.add(client);
            return status;
        } catch (IOException _) {
            return 0;
        }
    }

    private static long usedBytes() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
