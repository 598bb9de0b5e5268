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
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ten minutes at 1,000 requests a second, each through {@code weft up} with 10,000 objects in its store and through a {@code
 * weft proxy} beside it: what the collector stops, and for how long, as the two JVMs' own logs say. Judged is the time that a
 * pause worked, as a busy machine makes any time on the clock longer; that one is told beside it.
 */
@Tag("full")
final class PausesTests {

    private static final Duration LENGTH = Duration.ofMinutes(10);
    private static final int PER_SECOND = 1_000;
    private static final int OBJECTS = 10_000;
    private static final double PAUSE_MILLIS_MAX = 10;
    private static final double WARM_SECONDS = 60;

    /** {@code [12.345s][info][gc] GC(7) Pause Young (Allocation Failure) 11M->7M(23M) 1.234ms}. */
    private static final Pattern ON_THE_CLOCK = Pattern.compile("\\[([\\d.]+)s].* GC\\(\\d+\\) Pause .* ([\\d.]+)ms");

    /** {@code [12.345s][info][gc,cpu] GC(7) User=0.00s Sys=0.00s Real=0.01s}. */
    private static final Pattern AT_WORK =
            Pattern.compile("\\[([\\d.]+)s].* GC\\(\\d+\\) User=([\\d.]+)s Sys=([\\d.]+)s");

    private final TestReporter figures;

    @TempDir
    private Path folder;

    PausesTests(TestReporter figures) {
        this.figures = figures;
    }

    @Test
    void noPauseIsLongerThanTenMilliseconds() throws IOException, InterruptedException {
        HttpServer program = program();
        Path declared = Files.createDirectory(folder.resolve("declared"));
        Files.writeString(
                declared.resolve("edge.yaml"), edge(program.getAddress().getPort()));
        Files.writeString(declared.resolve("objects.yaml"), objects());
        Path data = folder.resolve("data");
        int port = RunningPlatform.freePorts(1).getFirst();
        Path log = folder.resolve("proxy.out");
        try (RunningPlatform platform = RunningPlatform.start(data, options("up"), declared)) {
            platform.awaitKubectl("object-9999", "get", "configmap", "object-9999");
            ProcessBuilder builder = WeftCommand.builder(
                            folder,
                            WeftCommand.command(
                                    "proxy", "--data", data.toString(), "--http-port", Integer.toString(port)))
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile());
            builder.environment().put("WEFT_JAVA_OPTS", options("proxy"));
            Process proxy = builder.start();
            try (SteadyLoad ofPlatform = SteadyLoad.begin(platform.httpPort(), PER_SECOND);
                    SteadyLoad ofProxy = SteadyLoad.begin(port, PER_SECOND)) {
                long end = System.nanoTime() + LENGTH.toNanos();
                while (System.nanoTime() - end < 0) {
                    LockSupport.parkNanos(end - System.nanoTime());
                }
                figures.publishEntry("weft up", ofPlatform + ", " + told("up"));
                figures.publishEntry("weft proxy", ofProxy + ", " + told("proxy"));
                ofPlatform.endsWithoutLoss();
                ofProxy.endsWithoutLoss();
            } finally {
                proxy.destroy();
                proxy.waitFor();
            }
        } finally {
            program.stop(0);
        }
        assertThat(longest(pauses("up", AT_WORK))).isLessThanOrEqualTo(PAUSE_MILLIS_MAX);
        assertThat(longest(pauses("proxy", AT_WORK))).isLessThanOrEqualTo(PAUSE_MILLIS_MAX);
        assertThat(pauses("proxy", ON_THE_CLOCK)).isNotEmpty();
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
        return "-Xlog:gc,gc+cpu:file=" + folder.resolve(name + ".log");
    }

    /** In milliseconds, from the JVM's second minute on: in the first it reads, compiles and stores. */
    private List<Double> pauses(String name, Pattern pattern) throws IOException {
        try (Stream<String> lines = Files.lines(folder.resolve(name + ".log"))) {
            return lines.flatMap(line -> pattern.matcher(line).results())
                    .filter(pause -> Double.parseDouble(pause.group(1)) > WARM_SECONDS)
                    .map(PausesTests::millis)
                    .toList();
        }
    }

    private static double millis(MatchResult pause) {
        double first = Double.parseDouble(pause.group(2));
        return pause.groupCount() == 2 ? first : 1_000 * (first + Double.parseDouble(pause.group(3)));
    }

    private String told(String name) throws IOException {
        List<Double> onTheClock = pauses(name, ON_THE_CLOCK);
        return "%d pauses, the longest %.1f ms on the clock and %.0f ms of work"
                .formatted(onTheClock.size(), longest(onTheClock), longest(pauses(name, AT_WORK)));
    }

    private static double longest(List<Double> pauses) {
        return pauses.stream().mapToDouble(millis -> millis).max().orElse(0);
    }
}
