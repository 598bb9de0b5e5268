package dev.weft.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.resources.Key;
import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Clients that send or read too slowly are cut off, hold little meanwhile, and are in nobody's way. */
class SlowClientsTest {

    private static final String CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";
    private static final String WEBSOCKET = """
            Connection: Upgrade\r
            Upgrade: websocket\r
            Sec-WebSocket-Version: 13\r
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
            """;

    /** More than a kernel keeps of a connection that nobody reads: 4 MiB. */
    private static final int LIST_BYTES = 8_000_000;

    private static final int WAITING_BYTES_MAX = 20_000_000;

    @TempDir
    private Path data;

    /** Time goes on only when a test says so. */
    private final AtomicLong nanos = new AtomicLong(1);

    private final List<Socket> sockets = new ArrayList<>();
    private RunningApi api;

    @BeforeEach
    void start() throws Exception {
        api = new RunningApi(data, Map.of(), nanos::get, WAITING_BYTES_MAX);
    }

    @AfterEach
    void stop() throws Exception {
        api.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "G", "GET /version HTTP/1.1\r\nHost: localhost\r\nX-Long: "})
    void aHeadThatDoesNotComeToItsEndIsNotWaitedForThoughItGrows(String begun) throws Exception {
        Socket slow = kept(api.stranger(begun));
        slow.setSoTimeout(200);

        assertThat(endsThough(slow, () -> {
                    nanos.addAndGet(Duration.ofSeconds(5).toNanos());
                    if (!begun.isEmpty()) {
                        slow.getOutputStream().write('x');
                    }
                    assertThat(api.get("/version").status()).isEqualTo(200);
                }))
                .isTrue();
    }

    @Test
    void aConnectionMayRestBetweenItsRequests() throws Exception {
        Socket kept = kept(api.asking("/version"));
        assertThat(statusOf(kept)).isEqualTo(200);
        Socket slow = kept(api.stranger("GET"));
        slow.setSoTimeout(200);

        assertThat(endsThough(slow, () -> nanos.addAndGet(Duration.ofSeconds(60).toNanos())))
                .isTrue();

        kept.getOutputStream()
                .write("GET /version HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        assertThat(statusOf(kept)).isEqualTo(200);
    }

    @Test
    void aBodyThatComesByteByByteIsNotWaitedFor() throws Exception {
        Socket slow = kept(api.stranger("POST " + CONFIG_MAPS + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                + api.token() + "\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n{"));
        slow.setSoTimeout(100);
        int bytes = 1;
        String answer = "";
        while (answer.isEmpty() && bytes < 1_000) {
            slow.getOutputStream().write(' ');
            bytes++;
            try {
                answer = Character.toString(slow.getInputStream().read());
            } catch (SocketTimeoutException e) {
                assertThat(api.get("/version").status()).isEqualTo(200);
            }
        }
        assertThat(answer).isEqualTo("H"); // HTTP/1.1 400
        assertThat(new String(slow.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("TTP/1.1 40");
    }

    @Test
    void listsThatNobodyReadsHoldNoMoreThanTheirPartOfTheMemory() throws Exception {
        fill();
        Socket first = kept(api.asking(CONFIG_MAPS));
        awaitWaiting(LIST_BYTES / 2);
        nanos.incrementAndGet();
        Socket second = kept(api.asking(CONFIG_MAPS));
        awaitWaiting(LIST_BYTES + LIST_BYTES / 2);

        RunningApi.Answer third = api.get(CONFIG_MAPS);

        assertThat(third.status()).isEqualTo(429);
        assertThat(third.response().headers().firstValue("Retry-After")).contains("1");
        assertThat(third.json().at("/reason").asString("")).isEqualTo("TooManyRequests");
        assertThat(api.get(CONFIG_MAPS + "/a0?pretty=no").status()).isEqualTo(200);
        assertThat(api.get(CONFIG_MAPS + "?limit=1").status()).isEqualTo(200);

        nanos.addAndGet(Duration.ofSeconds(2).toNanos());

        assertThat(api.get(CONFIG_MAPS).status()).isEqualTo(200); // in the place of the first
        assertThat(all(first)).isLessThan(LIST_BYTES);
        assertThat(all(second)).isGreaterThan(LIST_BYTES);
    }

    @Test
    void aListThatNobodyReadsIsGivenUp() throws Exception {
        fill();
        Socket slow = kept(api.asking(CONFIG_MAPS));
        awaitWaiting(LIST_BYTES / 2);

        nanos.addAndGet(Duration.ofSeconds(30 + LIST_BYTES / 100_000 + 2).toNanos());

        Eventually.is("nothing waits", () -> api.server.waitingBytes() == 0);
        assertThat(all(slow)).isLessThan(LIST_BYTES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", WEBSOCKET})
    void aWatchThatNobodyReadsIsGivenUpAndOthersSeeEverything(String headers) throws Exception {
        String version =
                api.get(CONFIG_MAPS).json().at("/metadata/resourceVersion").asString("");
        String path = CONFIG_MAPS + "?watch=true&resourceVersion=" + version;
        Socket slow = kept(api.asking(path, headers));
        int writes = 30;
        try (Stream<JsonNode> others = api.watch(path)) {
            for (int i = 0; i < writes; i++) {
                api.store.apply(config("a", i));
            }
            assertThat(others.limit(writes)
                            .map(event -> event.at("/object/data/number").asInt(-1)))
                    .containsExactlyElementsOf(
                            Stream.iterate(0, i -> i + 1).limit(writes).toList());
        }
        awaitWaiting(1);
        assertThat(api.server.waitingBytes()).isLessThan(2_000_000); // one event, whatever has happened since

        nanos.addAndGet(Duration.ofSeconds(60).toNanos());

        Eventually.is("nothing waits", () -> api.server.waitingBytes() == 0);
        assertThat(all(slow)).isLessThan(writes * 1_000_000L);
    }

    @Test
    void aWatchMayAskForAnyTime() throws Exception {
        api.store.apply(config("a", 1));
        try (Stream<JsonNode> events = api.watch(CONFIG_MAPS + "?watch=true&timeoutSeconds=" + Long.MAX_VALUE)) {
            assertThat(events.iterator().next().at("/type").asString("")).isEqualTo("ADDED");
        }
    }

    private interface Step {
        void go() throws Exception;
    }

    /** Whether the server ends the connection at last, with these steps meanwhile. */
    private static boolean endsThough(Socket socket, Step step) throws Exception {
        for (int i = 0; i < 100; i++) {
            try {
                step.go();
                if (socket.getInputStream().read() < 0) {
                    return true;
                }
            } catch (SocketTimeoutException e) {
                // not yet
            } catch (IOException e) {
                return true;
            }
        }
        return false;
    }

    private void awaitWaiting(long bytes) {
        Eventually.is(bytes + " bytes wait", () -> api.server.waitingBytes() >= bytes);
    }

    private void fill() {
        for (int i = 0; i < LIST_BYTES / 1_000_000; i++) {
            api.store.create(config("a" + i, i));
        }
    }

    /** A megabyte. */
    private static Resource config(String name, int number) {
        Key key = Kinds.CONFIG_MAP.key("default", name);
        ObjectNode json = Resource.of(key).edit();
        json.withObject("/data").put("number", number).put("much", "x".repeat(1_000_000));
        return new Resource(Kinds.CONFIG_MAP, json);
    }

    /** How much comes until the connection ends, in whichever way, or nothing more does. */
    private static long all(Socket socket) throws IOException {
        socket.setSoTimeout(2_000);
        byte[] part = new byte[64 << 10];
        long all = 0;
        try {
            for (int count = socket.getInputStream().read(part); count >= 0; ) {
                all += count;
                count = socket.getInputStream().read(part);
            }
        } catch (IOException e) {
            return all;
        }
        return all;
    }

    /** Of an answer that fits into one read. */
    private static int statusOf(Socket socket) throws IOException {
        byte[] answer = new byte[16 << 10];
        int count = socket.getInputStream().read(answer);
        return Integer.parseInt(new String(answer, 0, count, StandardCharsets.US_ASCII).substring(9, 12));
    }

    private Socket kept(Socket socket) {
        sockets.add(socket);
        return socket;
    }
}
