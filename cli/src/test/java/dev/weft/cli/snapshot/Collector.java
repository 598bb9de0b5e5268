package dev.weft.cli.snapshot;

import com.sun.net.httpserver.HttpServer;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** An OTLP collector that keeps the spans it gets; busy for the first request. */
final class Collector implements Closeable {

    private final HttpServer server;
    private final List<Span> spans = new CopyOnWriteArrayList<>();
    private final AtomicInteger posts = new AtomicInteger();

    /** One span, as far as tests ask. */
    record Span(
            String service,
            String trace,
            String id,
            String parent,
            String name,
            long kind,
            long start,
            long end,
            Map<String, String> attributes,
            List<String> events) {}

    Collector() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        server.createContext("/v1/traces", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            boolean busy = posts.getAndIncrement() == 0;
            boolean protobuf =
                    "application/x-protobuf".equals(exchange.getRequestHeaders().getFirst("Content-Type"));
            if (!busy && protobuf) {
                read(body);
            }
            exchange.sendResponseHeaders(busy ? 503 : 200, -1);
            exchange.close();
        });
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    List<Span> spans() {
        return spans;
    }

    private void read(byte[] body) {
        for (Field resourceSpans : fields(body)) {
            String service = "";
            for (Field field : fields(resourceSpans.bytes)) {
                if (field.number == 1) {
                    service = attributes(fields(field.bytes), 1).getOrDefault("service.name", "");
                }
            }
            for (Field scope : fields(resourceSpans.bytes)) {
                if (scope.number == 2) {
                    for (Field span : fields(scope.bytes)) {
                        if (span.number == 2) {
                            spans.add(span(service, fields(span.bytes)));
                        }
                    }
                }
            }
        }
    }

    private static Span span(String service, List<Field> fields) {
        List<String> events = new ArrayList<>();
        Map<Integer, Field> one = new TreeMap<>();
        for (Field field : fields) {
            one.put(field.number, field);
            if (field.number == 11) {
                events.add(attributes(fields(field.bytes), 3).toString());
            }
        }
        return new Span(
                service,
                HexFormat.of().formatHex(only(one, 1).bytes),
                HexFormat.of().formatHex(only(one, 2).bytes),
                one.containsKey(4) ? HexFormat.of().formatHex(only(one, 4).bytes) : "",
                new String(only(one, 5).bytes, StandardCharsets.UTF_8),
                only(one, 6).value,
                only(one, 7).value,
                only(one, 8).value,
                attributes(fields, 9),
                events);
    }

    private static Map<String, String> attributes(List<Field> fields, int number) {
        Map<String, String> attributes = new TreeMap<>();
        for (Field field : fields) {
            if (field.number == number) {
                List<Field> pair = fields(field.bytes);
                Field value = fields(pair.get(1).bytes).getFirst();
                attributes.put(
                        new String(pair.get(0).bytes, StandardCharsets.UTF_8),
                        value.number == 1 ? new String(value.bytes, StandardCharsets.UTF_8) : "" + value.value);
            }
        }
        return attributes;
    }

    private static final class Field {
        private final int number;
        private final long value;
        private final byte[] bytes;

        private Field(int number, long value, byte[] bytes) {
            this.number = number;
            this.value = value;
            this.bytes = bytes;
        }
    }

    private static Field only(Map<Integer, Field> fields, int number) {
        return Objects.requireNonNull(fields.get(number), "field " + number);
    }

    private static List<Field> fields(byte[] message) {
        List<Field> fields = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
        while (in.hasRemaining()) {
            long tag = varint(in);
            int number = (int) (tag >>> 3);
            switch ((int) tag & 7) {
                case 0 -> fields.add(new Field(number, varint(in), new byte[0]));
                case 1 -> fields.add(new Field(number, in.getLong(), new byte[0]));
                case 5 -> fields.add(new Field(number, in.getInt(), new byte[0]));
                default -> {
                    byte[] bytes = new byte[(int) varint(in)];
                    in.get(bytes);
                    fields.add(new Field(number, 0, bytes));
                }
            }
        }
        return fields;
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = in.get();
            value |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
