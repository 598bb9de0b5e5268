package dev.weft.cli.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.catalog.export.Exports;
import dev.weft.catalog.export.SpanExporter;
import dev.weft.proxy.Proxy;
import dev.weft.proxy.trace.Tracing;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A request through the edge to a program that calls another one, as a collector sees it. */
final class SpansTest {

    private static final Pattern TRACEPARENT = Pattern.compile("(?i)(traceparent: \\S+)");

    private int helloCallsAt;

    @Test
    void aCollectorGetsTheSpanOfEveryHopWithTheRightParent() throws IOException {
        try (Collector collector = new Collector();
                Village village = new Village();
                SpanExporter spans = new SpanExporter(collector.url(), "test");
                ProxyMetrics metrics = ProxyMetrics.start(village, 0)) {
            metrics.export(new Exports(Optional.empty(), Optional.of(spans)));
            helloCallsAt = village.pod("hello", "127.1.0.1", village.program(this::hello));
            village.pod("quote", "127.1.0.2", village.program(head -> ok("quote")));
            Proxy proxy = village.proxy(metrics.listener());
            proxy.tracing(new Tracing(true, 1));

            assertThat(call("127.0.0.1", village.edge, "hello.test", "")).startsWith("HTTP/1.1 200");
            long end = System.nanoTime() + 60_000_000_000L;
            while (spans.sent() < 4 && System.nanoTime() - end < 0) {
                LockSupport.parkNanos(5_000_000);
            }

            Map<String, Collector.Span> byHop = collector.spans().stream()
                    .collect(Collectors.toMap(
                            span -> span.service() + " " + span.attributes().get("weft.hop"), Function.identity()));
            assertThat(byHop).containsOnlyKeys("edge edge", "hello inbound", "hello outbound", "quote inbound");
            Collector.Span edge = only(byHop, "edge edge");
            assertThat(edge.parent()).isEmpty();
            assertThat(only(byHop, "hello inbound").parent()).isEqualTo(edge.id());
            assertThat(only(byHop, "hello outbound").parent())
                    .isEqualTo(only(byHop, "hello inbound").id());
            assertThat(only(byHop, "quote inbound").parent())
                    .isEqualTo(only(byHop, "hello outbound").id());
            assertThat(byHop.values()).extracting(Collector.Span::trace).containsOnly(edge.trace());
            assertThat(byHop.values()).allSatisfy(span -> {
                assertThat(span.start()).isBetween(edge.start(), edge.end());
                assertThat(span.attributes()).containsEntry("http.response.status_code", "200");
                assertThat(span.events()).hasSize(1);
            });
            assertThat(only(byHop, "hello outbound").kind())
                    .as("a client's span")
                    .isEqualTo(3);
            assertThat(only(byHop, "hello outbound").attributes())
                    .containsEntry("weft.server.identity", "spiffe://cluster.local/ns/default/sa/quote");
            assertThat(only(byHop, "quote inbound").attributes())
                    .containsEntry("weft.client.identity", "spiffe://cluster.local/ns/default/sa/hello");
            assertThat(spans.sent()).isEqualTo(4);
            assertThat(spans.dropped()).isZero();
        }
    }

    @Test
    void aCollectorGetsTheSpansOfAnOpaqueStream() throws IOException {
        try (Collector collector = new Collector();
                Village village = new Village();
                SpanExporter spans = new SpanExporter(collector.url(), "test");
                ProxyMetrics metrics = ProxyMetrics.start(village, 0)) {
            metrics.export(new Exports(Optional.empty(), Optional.of(spans)));
            int callsAt = village.pod("hello", "127.1.0.3", 1);
            village.pod("quote", "127.1.0.4", village.program(head -> ok("quote")));
            Proxy proxy = village.proxy(metrics.listener());
            proxy.tracing(new Tracing(true, 1));

            try (Socket socket = new Socket(InetAddress.ofLiteral("127.1.0.3"), callsAt)) {
                socket.setSoTimeout(60_000);
                String asks = "CONNECT quote:80 HTTP/1.1\r\nHost: quote:80\r\n\r\n";
                socket.getOutputStream().write(asks.getBytes(StandardCharsets.ISO_8859_1));
                BufferedInputStream in = new BufferedInputStream(socket.getInputStream());
                assertThat(Village.head(in)).startsWith("HTTP/1.1 200");
                socket.getOutputStream().write("any line\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
                assertThat(Village.head(in)).startsWith("HTTP/1.1 200");
            }
            long end = System.nanoTime() + 60_000_000_000L;
            while (spans.sent() < 2 && System.nanoTime() - end < 0) {
                LockSupport.parkNanos(5_000_000);
            }

            Map<String, Collector.Span> byHop = collector.spans().stream()
                    .collect(Collectors.toMap(
                            span -> span.service() + " " + span.attributes().get("weft.hop"), Function.identity()));
            assertThat(byHop).containsOnlyKeys("hello outbound", "quote inbound");
            Collector.Span outbound = only(byHop, "hello outbound");
            Collector.Span inbound = only(byHop, "quote inbound");
            assertThat(inbound.parent()).isEqualTo(outbound.id());
            assertThat(inbound.trace()).isEqualTo(outbound.trace());
            assertThat(outbound.attributes())
                    .containsEntry("network.protocol.name", "opaque")
                    .containsEntry("weft.service", "default/quote:80")
                    .containsEntry("weft.client.bytes", "12")
                    .containsEntry("weft.server.identity", "spiffe://cluster.local/ns/default/sa/quote");
            assertThat(outbound.events()).hasSize(1);
        }
    }

    private static Collector.Span only(Map<String, Collector.Span> byHop, String hop) {
        return Objects.requireNonNull(byHop.get(hop), hop);
    }

    private Optional<String> hello(String head) throws IOException {
        Matcher traceparent = TRACEPARENT.matcher(head);
        assertThat(traceparent.find()).as(head).isTrue();
        String answer = call("127.1.0.1", helloCallsAt, "quote", traceparent.group(1) + "\r\n");
        return ok(answer.substring(9, 12));
    }

    private static Optional<String> ok(String body) {
        return Optional.of("HTTP/1.1 200 OK\r\ncontent-length: " + body.length() + "\r\n\r\n" + body);
    }

    private static String call(String address, int port, String host, String header) throws IOException {
        try (Socket socket = new Socket(InetAddress.ofLiteral(address), port)) {
            socket.setSoTimeout(60_000);
            String request = "GET /a?token=secret HTTP/1.1\r\nHost: " + host + "\r\n" + header + "\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return Village.head(new BufferedInputStream(socket.getInputStream()));
        }
    }
}
