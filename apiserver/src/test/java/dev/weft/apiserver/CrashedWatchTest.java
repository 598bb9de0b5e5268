package dev.weft.apiserver;

import static dev.weft.apiserver.ServedWriters.WRITERS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A watch that SIGKILL ends goes on after the restart where it was, or is told to list again: it misses nothing and sees
 * nothing twice. Every write adds one to a number, so that each event says whether it is the next. {@code
 * -Dcrash.rounds=200} for the long form.
 */
class CrashedWatchTest {

    private static final int ROUNDS = Integer.getInteger("crash.rounds", 5);
    private static final int MANY = 1_000_000;
    private static final int GONE = 410;
    private static final String CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";

    @TempDir
    private Path data;

    private final Map<String, Long> seen = new HashMap<>();
    private long version;
    private Optional<Process> server = Optional.empty();
    private int port;

    @AfterEach
    void kill() throws InterruptedException {
        if (server.isPresent()) {
            server.get().destroyForcibly().waitFor();
        }
    }

    @Test
    void goesOnAfterTheLastEventThatItSaw() throws Exception {
        start();
        write(1);
        list();
        try (Watch watch = new Watch()) {
            write(10);
            assertThat(watch.follow(10 * WRITERS)).isTrue();
        }
        kill();
        start();
        try (Watch watch = new Watch()) {
            write(10);
            assertThat(watch.follow(10 * WRITERS)).isTrue();
        }
        assertThat(seen.values()).hasSize(WRITERS).containsOnly(21L);
    }

    @Test
    void isToldToListAgainWhenItWasBehindAndMissesNothingThen() throws Exception {
        start();
        write(1);
        list();
        try (Watch watch = new Watch()) {
            write(10);
            assertThat(watch.follow(10)).isTrue();
        }
        kill();
        start();
        try (Watch watch = new Watch()) {
            assertThat(watch.follow(1)).isFalse();
        }
        list();
        assertThat(seen.values()).hasSize(WRITERS).containsOnly(11L);
        try (Watch watch = new Watch()) {
            write(10);
            assertThat(watch.follow(10 * WRITERS)).isTrue();
        }
        assertThat(seen.values()).containsOnly(21L);
    }

    @Test
    void losesAndRepeatsNothingWheneverTheServerIsKilled() throws Exception {
        Random random = new Random(7);
        start();
        list();
        for (int round = 0; round < ROUNDS; round++) {
            order(MANY);
            try (Watch watch = new Watch()) {
                boolean goesOn = watch.follow(1 + random.nextInt(1_000));
                kill();
                if (goesOn) {
                    watch.followToItsEnd();
                }
                start();
                if (!goesOn) {
                    list();
                }
            }
        }
        list();
        assertThat(seen).hasSize(WRITERS);
    }

    /** A watch from the version last seen. */
    private final class Watch implements AutoCloseable {

        private final HttpClient client = client();
        private final Stream<String> lines;
        private final Iterator<String> events;

        Watch() throws Exception {
            String path = CONFIG_MAPS + "?watch=true&resourceVersion=" + version;
            this.lines = client.send(request(path), BodyHandlers.ofLines()).body();
            this.events = lines.iterator();
        }

        /** Takes so many events; false when the server wants a list instead, as this one is too far behind. */
        boolean follow(int count) {
            for (int i = 0; i < count; i++) {
                if (!next()) {
                    return false;
                }
            }
            return true;
        }

        private boolean next() {
            JsonNode event = JsonMapper.shared().readTree(events.next());
            if (event.at("/object/code").asInt(0) == GONE) {
                return false;
            }
            take(event);
            return true;
        }

        /** Takes what the killed server has sent; its last line may be cut off. */
        void followToItsEnd() {
            try {
                boolean goesOn = true;
                while (goesOn && events.hasNext()) {
                    goesOn = next();
                }
            } catch (UncheckedIOException | JacksonException e) {
                return;
            }
        }

        @Override
        public void close() {
            client.shutdownNow();
            lines.close();
        }
    }

    /** Each is newer than the one before, and tells of the next write. */
    private void take(JsonNode event) {
        JsonNode object = event.path("object");
        long next = object.at("/metadata/resourceVersion").asLong(0);
        assertThat(next).isGreaterThan(version);
        version = next;
        String name = object.at("/metadata/name").asString("");
        long number = object.at("/data/number").asLong(0);
        assertThat(number).as(event.toString()).isEqualTo(seen.getOrDefault(name, 0L) + 1);
        seen.put(name, number);
    }

    /** What a watch has told is there, and the newest version never goes back. */
    private void list() throws Exception {
        try (HttpClient client = client()) {
            JsonNode list = JsonMapper.shared()
                    .readTree(client.send(request(CONFIG_MAPS), BodyHandlers.ofString())
                            .body());
            long newest = list.at("/metadata/resourceVersion").asLong(0);
            assertThat(newest).isGreaterThanOrEqualTo(version);
            version = newest;
            Map<String, Long> listed = new HashMap<>();
            for (JsonNode item : list.path("items")) {
                listed.put(
                        item.at("/metadata/name").asString(""),
                        item.at("/data/number").asLong(0));
            }
            seen.forEach((name, number) ->
                    assertThat(listed.getOrDefault(name, 0L)).as(name).isGreaterThanOrEqualTo(number));
            seen.putAll(listed);
        }
    }

    private void start() throws IOException {
        Process process = new ProcessBuilder(List.of(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ServedWriters.class.getName(),
                        data.toString()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        server = Optional.of(process);
        port = Integer.parseInt(process.inputReader(StandardCharsets.UTF_8).readLine());
    }

    private void write(int times) throws IOException {
        order(times);
        assertThat(server.orElseThrow().inputReader(StandardCharsets.UTF_8).readLine())
                .isEqualTo("written");
    }

    private void order(int times) throws IOException {
        BufferedWriter orders = server.orElseThrow().outputWriter(StandardCharsets.UTF_8);
        orders.write(times + "\n");
        orders.flush();
    }

    private HttpClient client() {
        try {
            return HttpClient.newBuilder()
                    .sslContext(RunningApi.trusting(data.resolve("api/ca.crt")))
                    .build();
        } catch (IOException | GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private HttpRequest request(String path) throws IOException {
        return HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + path))
                .header("Authorization", "Bearer " + Files.readString(data.resolve("api/token")))
                .build();
    }
}
