package dev.weft.runtime.names;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HostResolverTest {

    private static final InetAddress[] FOUND = {InetAddress.getLoopbackAddress()};

    @Test
    void deadNamesOfTwelvePodsAreGivenUpAndHoldUpNoOtherPod() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        HostResolver.Lookup dead = _ -> {
            boolean ended = false;
            while (!ended) { // as the C library's call, which no interrupt ends
                try {
                    over.await();
                    ended = true;
                } catch (InterruptedException _) {
                    ended = false;
                }
            }
            return FOUND;
        };
        try {
            for (int pod = 0; pod < 12; pod++) {
                HostResolver asking = new HostResolver(dead, Duration.ofMillis(10));
                for (int question = 0; question < 8; question++) {
                    assertThatThrownBy(() -> asking.addresses("dead.example")).isInstanceOf(TimeoutException.class);
                }
            }
            assertThat(new HostResolver(_ -> FOUND, Duration.ofSeconds(30)).addresses("live.example"))
                    .isEqualTo(FOUND);
        } finally {
            over.countDown();
        }
    }
}
