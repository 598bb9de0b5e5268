package dev.weft.catalog.web;

import dev.weft.catalog.tap.OutcomeJson;
import dev.weft.catalog.tap.Tap;
import dev.weft.catalog.tap.TapFilter;
import dev.weft.catalog.tap.Taps;
import dev.weft.model.outcome.Ended;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code tap}: one line of JSON for each request or opaque connection as it ends, until the client goes away or {@code max} were shown. An
 * empty line at least each five seconds finds out whether the client still listens. The last field of a line after a gap,
 * {@code dropped}, says how many could not be shown because the client read too slowly.
 */
final class TapHandler extends Handler.Abstract {

    private static final Duration HEARTBEAT = Duration.ofSeconds(5);

    private final Taps taps;

    TapHandler(Taps taps) {
        this.taps = taps;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        if (!request.getMethod().equals("GET")) {
            AnswerHandler.write(Reply.onlyBy("GET"), response, callback);
            return true;
        }
        Tap opened;
        long countMax;
        try {
            Map<String, String> parameters = AnswerHandler.parameters(request);
            countMax = countMax(parameters.getOrDefault("max", ""));
            opened = taps.open(TapFilter.parse(parameters));
        } catch (IllegalArgumentException e) {
            AnswerHandler.write(Reply.problem(400, "Bad request", String.valueOf(e.getMessage())), response, callback);
            return true;
        } catch (IllegalStateException e) {
            AnswerHandler.write(
                    Reply.problem(429, "Too many taps", String.valueOf(e.getMessage())), response, callback);
            return true;
        }
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/x-ndjson");
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        try (opened;
                OutputStream out = Content.Sink.asOutputStream(response)) {
            stream(opened, countMax, out);
        } catch (IOException e) {
            callback.failed(e);
            return true;
        }
        callback.succeeded();
        return true;
    }

    private static void stream(Tap tap, long countMax, OutputStream out) throws IOException {
        long droppedShown = 0;
        out.write('\n');
        out.flush();
        for (long shown = 0; shown < countMax && !Thread.currentThread().isInterrupted(); ) {
            Optional<Ended> next = tap.next(HEARTBEAT);
            if (next.isPresent()) {
                ObjectNode json = OutcomeJson.of(next.get());
                if (tap.dropped() > droppedShown) {
                    droppedShown = tap.dropped();
                    json.put("dropped", droppedShown);
                }
                out.write(Reply.line(json).getBytes(StandardCharsets.UTF_8));
                shown++;
            }
            out.write('\n');
            out.flush();
        }
    }

    private static long countMax(String max) {
        if (max.isEmpty()) {
            return Long.MAX_VALUE;
        }
        if (!max.matches("[1-9]\\d{0,17}")) {
            throw new IllegalArgumentException("max: \"" + max + "\" (expected: a number, 1 or more)");
        }
        return Long.parseLong(max);
    }
}
