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
    private record Result(int good, int late, int refused, int broken, long refusalP99Nanos) {}

    @Test
    void keepsItsGoodputAtThreeTimesTheCapacity() throws Exception {
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
        TrafficPolicy adaptive = new TrafficPolicy(
                Balancing.PEAK_EWMA,
                Duration.ZERO,
                TrafficPolicy.Zones.ANY,
                CircuitBreaking.OFF,
                ConnectionLimits.NONE,
                true);
        stage.scene
                .edge(port)
                .host("shop.test", "shop")
                .group(new EndpointGroup(Scene.service("shop"), List.of(Scene.plain(shop.port())), false, 0)
                        .with(adaptive));
        stage.show();

        Result peak = load(CAPACITY, 10);
        long before = usedBytes();
        Result over = load(3 * CAPACITY, 20);
        long after = usedBytes();

        assertThat(over.good / 20.0)
                .as("goodput per second; at capacity %s, at three times %s", peak, over)
                .isGreaterThan(0.8 * peak.good / 10.0);
        assertThat(over.refusalP99Nanos)
                .as("p99 of the refusals: %s", over)
                .isLessThan(Duration.ofMillis(100).toNanos());
        assertThat(over.broken).isZero();
        assertThat(after - before).as("bytes of heap more than before").isLessThan(32L * 1024 * 1024);
    }

    private Result load(int perSecond, int seconds) throws InterruptedException {
        int requests = perSecond * seconds;
        AtomicInteger good = new AtomicInteger();
        AtomicInteger late = new AtomicInteger();
        AtomicInteger broken = new AtomicInteger();
        Queue<Long> refusals = new ConcurrentLinkedQueue<>();
        CountDownLatch done = new CountDownLatch(requests);
        long start = System.nanoTime();
        for (int i = 0; i < requests; i++) {
            long due = start + i * (Duration.ofSeconds(1).toNanos() / perSecond);
            while (System.nanoTime() - due < 0) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            Thread.ofVirtual().start(() -> {
                long sent = System.nanoTime();
                switch (ask()) {
                    case 200 -> (System.nanoTime() - sent < PATIENCE_NANOS ? good : late).incrementAndGet();
                    case 503 -> refusals.add(System.nanoTime() - sent);
                    default -> broken.incrementAndGet();
                }
                done.countDown();
            });
        }
        done.await();
        long[] sorted = refusals.stream().mapToLong(each -> each).sorted().toArray();
        long p99 = sorted.length == 0 ? 0 : sorted[sorted.length * 99 / 100];
        return new Result(good.get(), late.get(), sorted.length, broken.get(), p99);
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
