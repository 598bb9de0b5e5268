package dev.weft.catalog.export;

import dev.weft.model.outcome.Ended;
import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends spans to a collector: OTLP, protobuf over HTTP. Event loops hand Outcomes over; one thread sends. A collector that
 * does not answer, or says that it is busy, is asked {@value #TRIES} times; meanwhile what does not fit is dropped and
 * counted.
 */
public final class SpanExporter implements Consumer<Ended>, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SpanExporter.class);
    private static final int WAITING_MAX = 8_192;
    private static final int TRIES = 4;
    private static final int TIMEOUT_MILLIS = 5_000;
    private static final long PAUSE_MILLIS = 250;
    private static final String PATH = "/v1/traces";

    private final URI collector;
    private final String version;
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();
    private final Outbox<Ended> outbox;
    private boolean failing;

    /**
     * Starts sending.
     *
     * @param collector for example {@code http://127.0.0.1:4318}; without a path, OTLP's own is meant
     * @param version of this program
     * @throws IllegalArgumentException with a message for people
     */
    public SpanExporter(String collector, String version) {
        this.collector = endpoint(collector);
        this.version = version;
        this.outbox = new Outbox<>("weft-spans", WAITING_MAX, this::send);
    }

    private static URI endpoint(String text) {
        URI uri = URI.create(text.contains("://") ? text : "http://" + text);
        boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
        if (!http || uri.getHost() == null) {
            throw new IllegalArgumentException("collector: \"" + text + "\" (expected: http://HOST:PORT)");
        }
        return uri.getPath().isEmpty() || uri.getPath().equals("/") ? uri.resolve(PATH) : uri;
    }

    @Override
    public void accept(Ended ended) {
        if (OtlpSpans.trace(ended).isPresent()) {
            outbox.add(ended);
        }
    }

    /** Spans that the collector took. */
    public long sent() {
        return sent.get();
    }

    /** Spans that it did not get. */
    public long dropped() {
        return outbox.dropped() + lost.get();
    }

    private void send(List<Ended> batch) {
        byte[] body = OtlpSpans.request(batch, version);
        String problem = "";
        for (int i = 0; i < TRIES; i++) {
            try {
                int status = post(body);
                if (status < 300) {
                    sent.addAndGet(batch.size());
                    failing = false;
                    return;
                }
                problem = "it answers " + status;
                if (status != 429 && status < 502) {
                    break; // the same bytes would be refused again
                }
            } catch (IOException e) {
                problem = e.toString();
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS << i));
        }
        lost.addAndGet(batch.size());
        if (!failing) {
            LOG.warn("the collector at {} takes no spans; they are lost until it does: {}", collector, problem);
        }
        failing = true;
    }

    private int post(byte[] body) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) collector.toURL().openConnection();
        connection.setConnectTimeout(TIMEOUT_MILLIS);
        connection.setReadTimeout(TIMEOUT_MILLIS);
        connection.setRequestMethod("POST");
        connection.setRequestProperty("Content-Type", "application/x-protobuf");
        connection.setDoOutput(true);
        connection.setFixedLengthStreamingMode(body.length);
        try (OutputStream out = connection.getOutputStream()) {
            out.write(body);
        }
        int status = connection.getResponseCode();
        try (var in = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
            if (in != null) {
                in.readAllBytes(); // so that the connection serves the next batch
            }
        }
        return status;
    }

    /** Sends what is left. */
    @Override
    public void close() {
        outbox.close();
    }
}
