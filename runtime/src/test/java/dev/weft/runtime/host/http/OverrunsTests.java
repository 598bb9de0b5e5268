package dev.weft.runtime.host.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class OverrunsTests {

    private static final Request SLOW = new Request("GET", "/", Map.of(), new byte[0], true);

    @Test
    void aRequestThatEndsJustThenIsNotInterruptedLater() throws Exception {
        CountDownLatch late = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        Overruns overruns = new Overruns(Duration.ofMillis(1), () -> {});
        Overruns.Watched watched = overruns.watch(SLOW, () -> {
            late.countDown();
            try {
                ended.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return false;
        });
        late.await();
        watched.close();
        ended.countDown();
        CountDownLatch never = new CountDownLatch(1);
        assertThat(never.await(1, TimeUnit.SECONDS)).isFalse(); // throws when the interrupt comes now
        assertThat(watched.overrun()).isFalse();
    }

    @Test
    void theInterruptOfOneRequestIsGoneWhenTheNextBegins() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        Overruns overruns = new Overruns(Duration.ofMillis(1), asked::countDown);
        Overruns.Watched watched = overruns.watch(SLOW, () -> false);
        while (!watched.overrun()) {
            Thread.onSpinWait();
        }
        watched.close();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        assertThat(asked.getCount()).isEqualTo(1);
    }
}
