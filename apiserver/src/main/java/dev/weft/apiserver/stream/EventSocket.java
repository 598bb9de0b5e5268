package dev.weft.apiserver.stream;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;

/** A WebSocket in which only the server speaks: each event of a watch is one text message. */
public final class EventSocket {

    /** Sends events until it returns. */
    @FunctionalInterface
    public interface Speaker {
        void speak(EventSocket socket) throws IOException;
    }

    private final WebSocket socket;
    private volatile boolean open = true;

    private EventSocket(WebSocket socket) {
        this.socket = socket;
    }

    /** Lets the speaker speak, and answers pings meanwhile. Returns when one of both sides has ended. */
    public static void serve(InputStream in, OutputStream out, Speaker speaker) throws IOException {
        EventSocket events = new EventSocket(new WebSocket(in, out));
        Thread.ofVirtual().name("watch").start(() -> events.speak(speaker));
        try (Heartbeat _ = new Heartbeat(events.socket::ping)) {
            Optional<byte[]> said = events.socket.read();
            while (said.isPresent()) {
                said = events.socket.read(); // nothing that a client says changes what it watches
            }
        } finally {
            events.open = false;
        }
    }

    private void speak(Speaker speaker) {
        try {
            speaker.speak(this);
            socket.close(1000, "");
        } catch (IOException e) {
            // the client has gone, which the reader sees too
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
