package dev.weft.cli.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.control.identity.IdentityAuthority;
import dev.weft.model.outcome.Outcome;
import dev.weft.model.outcome.OutcomeListener;
import dev.weft.model.workload.ServiceName;
import dev.weft.proxy.Proxy;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/**
 * Certificates that live for seconds, renewed by the authority itself as they are in a platform, while requests are under
 * way: none of them fails, though they are of a kind that nobody repeats.
 */
final class ShortLivesTest {

    private static final int CALLERS = 8;
    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final String CALL = "POST / HTTP/1.1\r\nHost: quote\r\nContent-Length: 0\r\n\r\n";

    @TempDir
    Path folder;

    private final Queue<String> lost = new ConcurrentLinkedQueue<>();
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicInteger renewals = new AtomicInteger();
    private final AtomicInteger outdated = new AtomicInteger();

    @Test
    void losesNothingWhileLeavesOfEightSecondsAreRenewed() throws Exception {
        losesNothing(Duration.ofSeconds(8), 4);
    }

    @Test
    @Tag("full")
    void losesNothingInMinutesOfLeavesOfThirtySeconds(TestReporter figures) throws Exception {
        losesNothing(Duration.ofSeconds(30), 24);
        figures.publishEntry("leaves of 30 s", answered + " answered, " + renewals + " renewals");
    }

    /** Until both ends have had so many certificates together, beside the first two and whatever the edge has. */
    private void losesNothing(Duration life, int wanted) throws Exception {
        try (Village village = new Village();
                IdentityAuthority authority =
                        IdentityAuthority.open(folder.resolve("identity"), Clock.systemUTC(), life)) {
            authority.onChange(renewals::incrementAndGet);
            int program = village.program(_ -> Optional.of("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"));
            int outbound = village.pod("hello", "127.1.8.1", 1);
            village.pod("quote", "127.1.8.2", program);
            try (Proxy proxy = village.proxy(new Unheard(), authority)) {
                assertThat(proxy.problems()).isEmpty();
                load(outbound, authority, wanted);
            }
        }
        assertThat(lost).isEmpty();
        assertThat(outdated).as("certificates that were held beyond their end").hasValue(0);
        assertThat(renewals.get()).isGreaterThanOrEqualTo(wanted);
        assertThat(answered.get()).isGreaterThan(CALLERS * wanted);
    }

    private void load(int outbound, IdentityAuthority authority, int wanted) {
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < CALLERS; i++) {
                callers.execute(() -> call(outbound, wanted));
            }
            while (goesOn(wanted)) {
                Instant now = Instant.now();
                if (authority.state().leaves().stream()
                        .anyMatch(leaf -> leaf.until().isBefore(now))) {
                    outdated.incrementAndGet();
                }
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    private boolean goesOn(int wanted) {
        return renewals.get() < wanted && lost.isEmpty();
    }

    private void call(int outbound, int wanted) {
        try (Socket socket = new Socket(InetAddress.ofLiteral("127.1.8.1"), outbound)) {
            socket.setSoTimeout(60_000);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            while (goesOn(wanted)) {
                socket.getOutputStream().write(CALL.getBytes(StandardCharsets.US_ASCII));
                String head = Village.head(in);
                if (!head.startsWith("HTTP/1.1 200 ")) {
                    lost.add(head);
                    return;
                }
                in.readNBytes(2);
                answered.incrementAndGet();
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        } catch (IOException e) {
            lost.add(e.toString());
        }
    }

    private record Unheard() implements OutcomeListener {
        @Override
        public void routed(ServiceName service) {}

        @Override
        public void ended(Outcome outcome) {}
    }
}
