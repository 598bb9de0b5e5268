package dev.weft.proxy.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.policy.ClientLimits;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ConnectionCountsTest {

    private static final ClientLimits.Connections LIMITS = new ClientLimits.Connections(100, 50, 3);

    private final ConnectionCounts counts = new ConnectionCounts();

    private boolean enters(String listener, String address) {
        return counts.enter(listener, address, LIMITS).isEmpty();
    }

    @Test
    void anAddressHasSoManyAtAllListenersTogether() {
        assertThat(enters("http", "192.0.2.1")).isTrue();
        assertThat(enters("https", "192.0.2.1")).isTrue();
        assertThat(enters("https", "192.0.2.1")).isTrue();
        assertThat(counts.enter("http", "192.0.2.1", LIMITS)).contains("3 clients are connected from 192.0.2.1");
        assertThat(enters("http", "192.0.2.2")).isTrue();
        counts.leave("https", "192.0.2.1");
        assertThat(enters("http", "192.0.2.1")).isTrue();
    }

    @Test
    void loopbackIsExempt() {
        for (int i = 0; i < 10; i++) {
            assertThat(enters("http", "127.0.0.1")).isTrue();
            assertThat(enters("http", "0:0:0:0:0:0:0:1")).isTrue();
        }
    }

    @Test
    void noneIsCountedThatWasRefused() {
        for (int i = 0; i < 1_000; i++) {
            enters("http", "192.0.2.1");
        }
        assertThat(counts.count()).isEqualTo(3);
    }

    @Test
    void theCountsHoldWhoeverEntersAtOnce() throws InterruptedException {
        AtomicInteger entered = new AtomicInteger();
        List<Thread> threads = IntStream.range(0, 4)
                .mapToObj(number -> Thread.ofPlatform().start(() -> {
                    for (int i = 0; i < 50_000; i++) {
                        String address = "127.0.0." + number;
                        if (enters("http", address)) {
                            entered.incrementAndGet();
                            if (counts.count() > 100) {
                                throw new AssertionError("more than all");
                            }
                            counts.leave("http", address);
                        }
                    }
                }))
                .toList();
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(entered).hasValue(200_000);
        assertThat(counts.count()).isZero();
    }
}
