package dev.weft.cli.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.cli.FreePort;
import dev.weft.model.policy.RetryPolicy;
import dev.weft.proxy.Proxy;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What {@code /metrics} says against what the load generator and the program counted, request by request: answers, errors
 * that programs make and errors that the proxy makes, retries that help and retries that do not.
 */
final class ExactCountersTest {

    private static final int CLIENTS = 8;
    private static final String[] KINDS = {"ok", "ok", "ok", "ok", "missing", "broken", "busy", "gone", "none", "no"};
    private static final Pattern SAMPLE = Pattern.compile("([a-z_]+)\\{(.*)} ([0-9.]+)");

    private final AtomicInteger seen = new AtomicInteger();
    private final AtomicInteger busy = new AtomicInteger();

    @Test
    void countersEqualTheTotalsOfTheLoadOfTenThousandRequests() throws Exception {
        countersEqualTheTotalsOfTheLoad(10_000);
    }

    @Test
    @Tag("full")
    void countersEqualTheTotalsOfTheLoadOfAHundredThousandRequests() throws Exception {
        countersEqualTheTotalsOfTheLoad(100_000);
    }

    private void countersEqualTheTotalsOfTheLoad(int requests) throws Exception {
        int port = FreePort.find();
        try (Village village = new Village()) {
            int program = village.program(this::answer);
            RetryPolicy retry =
                    new RetryPolicy(3, RetryPolicy.SAFE, Set.of(503), Set.of(), new RetryPolicy.Budget(1000, 100_000));
            village.host("shop", retry, Village.plain(program), Village.plain(program))
                    .host("empty", retry);
            try (ProxyMetrics metrics = ProxyMetrics.start(village, port);
                    Proxy proxy = village.proxy(metrics.listener())) {
                assertThat(proxy.problems()).isEmpty();
                Map<Integer, Integer> byStatus = load(village.edge, requests);
                check(port, requests, byStatus);
            }
        }
    }

    private Optional<String> answer(String head) {
        seen.incrementAndGet();
        String kind = head.substring("GET /".length(), head.indexOf(' ', 5));
        return switch (kind) {
            case "ok" -> Optional.of("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");
            case "missing" -> Optional.of("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n");
            case "broken" -> Optional.of("HTTP/1.1 500 Internal Server Error\r\ncontent-length: 0\r\n\r\n");
            case "busy" ->
                Optional.of(
                        busy.incrementAndGet() % 3 != 0
                                ? "HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n"
                                : "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
            default -> Optional.empty();
        };
    }

    private static Map<Integer, Integer> load(int edge, int requests) throws InterruptedException, ExecutionException {
        Map<Integer, Integer> byStatus = new TreeMap<>();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<List<Integer>>> running = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                running.add(clients.submit(client(edge, requests / CLIENTS, new Random(i))));
            }
            for (Future<List<Integer>> each : running) {
                each.get().forEach(status -> byStatus.merge(status, 1, Integer::sum));
            }
        }
        return byStatus;
    }

    private static Callable<List<Integer>> client(int edge, int requests, Random random) {
        return () -> {
            List<Integer> statuses = new ArrayList<>();
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), edge)) {
                socket.setSoTimeout(30_000);
                InputStream in = new BufferedInputStream(socket.getInputStream());
                for (int i = 0; i < requests; i++) {
                    String kind = KINDS[random.nextInt(KINDS.length)];
                    String host = kind.equals("none") ? "empty.test" : kind.equals("no") ? "no.test" : "shop.test";
                    String request = "GET /" + kind + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
                    socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
                    String head = Village.head(in);
                    Matcher length =
                            Pattern.compile("(?i)content-length: (\\d+)").matcher(head);
                    assertThat(length.find()).as(head).isTrue();
                    in.readNBytes(Integer.parseInt(length.group(1)));
                    statuses.add(Integer.parseInt(head.substring(9, 12)));
                }
            }
            return statuses;
        };
    }

    private void check(int port, int requests, Map<Integer, Integer> byStatus) throws IOException {
        long end = System.nanoTime() + 60_000_000_000L;
        while (sum(text(port), "request_total", "direction=\"inbound\"") < requests && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(5_000_000); // an answer is on the wire a moment before it is counted
        }
        String text = text(port);
        assertThat(sum(text, "request_total", "direction=\"inbound\"")).isEqualTo(requests);
        assertThat(sum(text, "response_latency_ms_count", "direction=\"inbound\""))
                .isEqualTo(requests);
        byStatus.forEach((status, count) -> assertThat(
                        sum(text, "response_total", "direction=\"inbound\"", "status_code=\"" + status + "\""))
                .as("status " + status)
                .isEqualTo((long) count));
        long failed = byStatus.entrySet().stream()
                .filter(entry -> entry.getKey() >= 500)
                .mapToInt(Map.Entry::getValue)
                .sum();
        assertThat(failed).isPositive();
        assertThat(sum(text, "response_total", "direction=\"inbound\"", "classification=\"failure\""))
                .isEqualTo(failed);
        assertThat(sum(text, "outbound_http_route_backend_requests_total")).isEqualTo(seen.get());
        assertThat(sum(text, "outbound_http_route_backend_response_statuses_total"))
                .isEqualTo(seen.get());
        long routed = sum(text, "request_total", "direction=\"outbound\"", "authority=\"shop.");
        assertThat(sum(text, "outbound_http_route_retry_requests_total"))
                .as("retries")
                .isEqualTo(seen.get() - routed)
                .isPositive();
    }

    private static long sum(String text, String metric, String... labels) {
        return text.lines()
                .map(SAMPLE::matcher)
                .filter(Matcher::matches)
                .filter(sample -> sample.group(1).equals(metric))
                .filter(sample -> List.of(labels).stream()
                        .allMatch(label -> sample.group(2).contains(label)))
                .mapToLong(sample -> (long) Double.parseDouble(sample.group(3)))
                .sum();
    }

    private static String text(int port) throws IOException {
        try (InputStream in =
                URI.create("http://127.0.0.1:" + port + "/metrics").toURL().openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
