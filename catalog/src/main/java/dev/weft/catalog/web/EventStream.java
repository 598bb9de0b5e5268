package dev.weft.catalog.web;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import tools.jackson.databind.JsonNode;

/**
 * Server-sent events: each section of the console's state when a browser connects, then every two seconds those that
 * changed. A browser that lost the connection comes back and gets everything again.
 */
final class EventStream {

    private static final Duration EVERY = Duration.ofSeconds(2);
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    private final ConsoleState state;
    private final BooleanSupplier closing;

    EventStream(ConsoleState state, BooleanSupplier closing) {
        this.state = state;
        this.closing = closing;
    }

    boolean handle(Response response, Callback callback) {
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/event-stream");
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        Map<String, JsonNode> sent = new HashMap<>();
        try (OutputStream out = Content.Sink.asOutputStream(response)) {
            while (!closing.getAsBoolean()) {
                send(out, sent);
                pause();
            }
        } catch (IOException e) {
            callback.failed(e); // the browser went away
            return true;
        }
        callback.succeeded();
        return true;
    }

    private void send(OutputStream out, Map<String, JsonNode> sent) throws IOException {
        StringBuilder events = new StringBuilder();
        for (Map.Entry<String, JsonNode> section : state.sections().entrySet()) {
            JsonNode before = sent.put(section.getKey(), section.getValue());
            if (!section.getValue().equals(before)) {
                events.append("event: ").append(section.getKey()).append("\ndata: ");
                events.append(Reply.line(section.getValue())).append("\n\n");
            }
        }
        events.append("event: tick\ndata: {}\n\n");
        out.write(events.toString().getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private void pause() {
        long end = System.nanoTime() + EVERY.toNanos();
        while (!closing.getAsBoolean() && end - System.nanoTime() > 0) {
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
    }
}
