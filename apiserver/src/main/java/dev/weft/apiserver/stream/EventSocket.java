package dev.weft.apiserver.stream;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A WebSocket in which only the server speaks: each event of a watch is one text message. */
public final class EventSocket {

    /** Sends events until it returns. */
    @FunctionalInterface
    public interface Speaker {
        void speak(EventSocket socket) throws IOException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(EventSocket.class);
    private static final int ENDED = 1000;
    private static final int FAILED = 1011;

    /** How long a client has to answer the server's goodbye. */
    private static final Duration GOODBYE = Duration.ofSeconds(10);

    private final WebSocket socket;
    private volatile boolean open = true;

    private EventSocket(WebSocket socket) {
        this.socket = socket;
    }

    /**
     * Lets the speaker speak, and answers pings meanwhile. Returns when the client has ended, or has had time to after the
     * speaker; whoever calls closes the streams, which ends what still reads from them.
     */
    public static void serve(InputStream in, OutputStream out, Speaker speaker) {
        serve(in, out, speaker, GOODBYE);
    }

    static void serve(InputStream in, OutputStream out, Speaker speaker, Duration goodbye) {
        EventSocket events = new EventSocket(new WebSocket(in, out));
        CompletableFuture<Void> spoken = run("watch", () -> events.speak(speaker));
        CompletableFuture<Void> gone = run("watch-client", events::listen);
        CompletableFuture<Void> patience =
                spoken.thenCompose(_ -> gone.copy().completeOnTimeout(null, goodbye.toMillis(), TimeUnit.MILLISECONDS));
        try (Heartbeat _ = new Heartbeat(events.socket::ping)) {
            CompletableFuture.anyOf(gone, patience).join();
        } finally {
            events.open = false;
        }
    }

    private static CompletableFuture<Void> run(String name, Runnable work) {
        return CompletableFuture.runAsync(
                work, task -> Thread.ofVirtual().name(name).start(task));
    }

    private void speak(Speaker speaker) {
        try {
            try {
                speaker.speak(this);
                socket.close(ENDED, "");
            } catch (RuntimeException e) {
                LOG.error("a watch failed", e);
                socket.close(FAILED, "internal error");
            }
        } catch (IOException e) {
            // the client has gone, which the reader sees too
        }
    }

    private void listen() {
        try {
            Optional<byte[]> said = socket.read();
            while (said.isPresent()) {
                said = socket.read(); // nothing that a client says changes what it watches
            }
        } catch (IOException e) {
            LOG.debug("the client of a watch has gone: {}", e.getMessage());
        }
    }

    /** Whether the client is still there, as far as is known. */
    public boolean isOpen() {
        return open;
    }

    /** Sends one event: a JSON document in UTF-8. */
    public void send(byte[] json) throws IOException {
        socket.writeText(json);
    }
}
