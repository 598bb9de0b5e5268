package dev.weft.cli.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.catalog.Catalog;
import dev.weft.catalog.CatalogOptions;
import dev.weft.model.policy.RetryPolicy;
import dev.weft.proxy.Proxy;
import dev.weft.resources.MemoryStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.jetty.server.Server;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** A tap on a proxy that serves: from nothing to the first request with its reasons, and back, without a restart. */
final class TapTest {

    private static final int TRIES_MAX = 20;
    private static final String UNTIL_FIRST = "from nothing to the first line, ms";

    private final Village village = new Village();
    private final Catalog catalog = new Catalog(new MemoryStore(), village, Clock.systemUTC(), CatalogOptions.DEFAULT);
    private final AtomicBoolean over = new AtomicBoolean();
    private final Server server = new Server(0);
    private Thread load;

    @BeforeEach
    void start() throws Exception {
        int program = village.program(_ -> Optional.of("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"));
        village.host("shop", RetryPolicy.DEFAULT, Village.plain(program));
        Proxy proxy = village.proxy(catalog.listener());
        catalog.onTap(proxy::tapping);
        server.setHandler(catalog.handlers().get("tap"));
        server.start();
        load = Thread.ofVirtual().start(this::ask);
    }

    @AfterEach
    void stop() throws Exception {
        over.set(true);
        load.join();
        village.close();
        server.stop();
        catalog.close();
    }

    private void ask() {
        byte[] request =
                "GET / HTTP/1.1\r\nhost: shop.test\r\nconnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        while (!over.get()) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), village.edge)) {
                socket.getOutputStream().write(request);
                socket.getInputStream().readAllBytes();
            } catch (IOException _) {
                // one that is cut off is made good by the next
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    @Test
    void streamsWithReasonsWithoutARestartAndAgain(TestReporter published) throws IOException {
        var _ = millisToTheFirst(); // which waits for classes to be loaded
        published.publishEntry(UNTIL_FIRST, Long.toString(millisToTheFirst()));
    }

    /** The soonest counts, as other programs can only make one later. */
    @Test
    @Tag("full")
    void streamsWithinASecond(TestReporter published) throws IOException {
        long best = Long.MAX_VALUE;
        for (int i = 0; i < TRIES_MAX && best >= 1_000; i++) {
            best = Math.min(best, millisToTheFirst());
        }
        published.publishEntry(UNTIL_FIRST, Long.toString(best));
        assertThat(best).as(UNTIL_FIRST).isLessThan(1_000);
    }

    private long millisToTheFirst() throws IOException {
        long start = System.nanoTime();
        assertThat(first()).contains("\"status\":200").contains("\"station\":\"route\"");
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    }

    /** The first request that began when somebody listened already: one under way then may tell less. */
    private String first() throws IOException {
        URI tap = server.getURI();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(opened(tap), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.contains("by its request line")) {
                    return line;
                }
            }
            throw new AssertionError("the tap ended");
        }
    }

    private static InputStream opened(URI uri) throws IOException {
        URLConnection connection = uri.toURL().openConnection();
        connection.setReadTimeout((int) TimeUnit.SECONDS.toMillis(60));
        return connection.getInputStream();
    }
}
