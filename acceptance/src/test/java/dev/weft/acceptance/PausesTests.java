package dev.weft.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ten minutes at 1,000 requests a second, each through {@code weft up} with 10,000 objects in its store and through a {@code
 * weft proxy} beside it: what the collector does, as the two JVMs' own logs say. A stop takes as long as the collector moves
 * bytes, about 1.5 ms for each MiB, so the bytes are judged: the same run moves the same bytes on any machine. How long the
 * stops took is told beside them; {@code bench/pauses} measures that.
 */
@Tag("full")
final class PausesTests {

    private static final Duration LENGTH = Duration.ofMinutes(10);
    private static final int PER_SECOND = 1_000;
    private static final int OBJECTS = 10_000;
    private static final long MOVED_KIB_MAX = 4 * 1024;
    private static final Duration WARM_UP = Duration.ofMinutes(1);

    /** {@code GC(7) Pause Young (Allocation Failure) 11M->7M(23M) 1.234ms}. */
    private static final Pattern STOP = Pattern.compile("GC\\(\\d+\\) Pause (.*) ([\\d.]+)ms");

    /** {@code GC(7) DefNew: 7449K(9216K)->1305K(9216K) Eden: …}: what survived. */
    private static final Pattern YOUNG = Pattern.compile("GC\\(\\d+\\) DefNew: \\d+K\\(\\d+K\\)->(\\d+)K");

    /** {@code GC(7) Tenured: 15239K(21216K)->15300K(21216K)}: what grew old. */
    private static final Pattern OLD = Pattern.compile("GC\\(\\d+\\) Tenured: (\\d+)K\\(\\d+K\\)->(\\d+)K");

    /** One stop for a collection. */
    private record Stop(String cause, long movedKib, double millis) {}

    private final TestReporter figures;

    @TempDir
    private Path folder;

    PausesTests(TestReporter figures) {
        this.figures = figures;
    }

    @Test
    void theCollectorMovesLittleAndNeverEverything() throws IOException, InterruptedException {
        HttpServer program = program();
        Path declared = Files.createDirectory(folder.resolve("declared"));
        Files.writeString(
                declared.resolve("edge.yaml"), edge(program.getAddress().getPort()));
        Files.writeString(declared.resolve("objects.yaml"), objects());
        Path data = folder.resolve("data");
        int port = TestPorts.free(1).getFirst();
        Path said = folder.resolve("proxy.out");
        try (RunningPlatform platform = RunningPlatform.start(data, options("up"), declared)) {
            platform.awaitKubectl("object-9999", "get", "configmap", "object-9999");
            ProcessBuilder builder = WeftCommand.builder(
                            folder,
                            WeftCommand.command(
                                    "proxy", "--data", data.toString(), "--http-port", Integer.toString(port)))
                    .redirectErrorStream(true)
                    .redirectOutput(said.toFile());
            builder.environment().put("WEFT_JAVA_OPTS", options("proxy"));
            Process proxy = builder.start();
            try (SteadyLoad ofPlatform = SteadyLoad.begin(platform.httpPort(), PER_SECOND);
                    SteadyLoad ofProxy = SteadyLoad.begin(port, PER_SECOND)) {
                letPass(WARM_UP);
                int before = stops("up").size();
                int beforeOfProxy = stops("proxy").size();
                letPass(LENGTH);
                judge("up", before, ofPlatform);
                judge("proxy", beforeOfProxy, ofProxy);
                ofPlatform.endsWithoutLoss();
                ofProxy.endsWithoutLoss();
            } finally {
                proxy.destroy();
                proxy.waitFor();
            }
        } finally {
            program.stop(0);
        }
    }

    private static void letPass(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() - end < 0) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }

    /** The stops after the first {@code before}, which a JVM makes while it reads, compiles and stores. */
    private void judge(String name, int before, SteadyLoad load) throws IOException {
        List<Stop> all = stops(name);
        List<Stop> stops = all.subList(before, all.size());
        figures.publishEntry(
                "weft " + name,
                "%s, %d stops, at most %d KiB moved, the longest %.1f ms on the clock"
                        .formatted(
                                load,
                                stops.size(),
                                stops.stream().mapToLong(Stop::movedKib).max().orElse(0),
                                stops.stream().mapToDouble(Stop::millis).max().orElse(0)));
        assertThat(stops).isNotEmpty().allSatisfy(stop -> {
            assertThat(stop.cause()).startsWith("Young");
            assertThat(stop.movedKib()).isLessThanOrEqualTo(MOVED_KIB_MAX);
        });
    }

    private static HttpServer program() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        byte[] words = "hello".getBytes(StandardCharsets.US_ASCII);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, words.length);
            exchange.getResponseBody().write(words);
            exchange.close();
        });
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
        return server;
    }

    private static String edge(int programPort) {
        return """
                apiVersion: getambassador.io/v3alpha1
                kind: Listener
                metadata: {name: http}
                spec: {port: 8080, protocol: HTTP, securityModel: XFP, hostBinding: {namespace: {from: ALL}}}
                ---
                apiVersion: getambassador.io/v3alpha1
                kind: Mapping
                metadata: {name: words}
                spec: {hostname: "*", prefix: /, service: "127.0.0.1:%d"}
                """.formatted(programPort);
    }

    private static String objects() {
        StringBuilder yaml = new StringBuilder();
        for (int i = 0; i < OBJECTS; i++) {
            yaml.append("---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: object-")
                    .append(i);
            yaml.append("}\ndata: {words: \"").append("x".repeat(800)).append("\"}\n");
        }
        return yaml.toString();
    }

    private String options(String name) {
        return "-Xlog:gc,gc+heap:file=" + log(name) + "::filecount=0";
    }

    private Path log(String name) {
        return folder.resolve(name + ".log");
    }

    private List<Stop> stops(String name) throws IOException {
        List<Stop> stops = new ArrayList<>();
        long moved = 0;
        for (String line : Files.readAllLines(log(name))) {
            Matcher young = YOUNG.matcher(line);
            Matcher old = OLD.matcher(line);
            Matcher stop = STOP.matcher(line);
            if (young.find()) {
                moved += Long.parseLong(young.group(1));
            } else if (old.find()) {
                moved += Math.max(0, Long.parseLong(old.group(2)) - Long.parseLong(old.group(1)));
            } else if (stop.find()) {
                stops.add(new Stop(stop.group(1), moved, Double.parseDouble(stop.group(2))));
                moved = 0;
            }
        }
        return stops;
    }
}
