package dev.weft.proxy;

import dev.weft.http.h2.ErrorType;
import dev.weft.http.h2.Output;
import dev.weft.http.h2.Session;
import dev.weft.http.h2.SessionEvents;
import dev.weft.http.h2.SessionOptions;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A server that speaks HTTP/2 alone, and does what its script says with each stream. {@code |} ends a line. */
final class StreamUpstream implements Closeable {

    private final ServerSocket socket;
    private final SessionOptions options;
    private final Script script;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    final List<String> heads = new CopyOnWriteArrayList<>();
    final List<String> resets = new CopyOnWriteArrayList<>();
    final List<Peer> peers = new CopyOnWriteArrayList<>();
    final List<ErrorType> farewells = new CopyOnWriteArrayList<>();
    final AtomicInteger closed = new AtomicInteger();

    /** Hears what comes on a stream; called on the connection's thread. */
    interface Script {
        void head(Peer peer, int stream, String head, boolean end);

        default void data(Peer peer, int stream, String data, boolean end) {}

        default void trailers(Peer peer, int stream, String lines) {}
    }

    StreamUpstream(Script script) throws IOException {
        this(SessionOptions.DEFAULT, script);
    }

    StreamUpstream(SessionOptions options, Script script) throws IOException {
        this.options = options;
        this.script = script;
        this.socket = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return socket.getLocalPort();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket accepted = socket.accept();
                accepted.setTcpNoDelay(true);
                open.add(accepted);
                Peer peer = new Peer(accepted);
                peers.add(peer);
                Thread.ofVirtual().start(peer::talk);
            } catch (IOException _) {
                return;
            }
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
        for (Socket each : open) {
            each.close();
        }
    }

    /** One connection. Its methods may be called from any thread. */
    final class Peer implements SessionEvents, Output {

        private final Socket accepted;
        private final Session session = Session.server(options, this, this);

        Peer(Socket accepted) {
            this.accepted = accepted;
        }

        private void talk() {
            byte[] buffer = new byte[16 * 1024];
            try (accepted) {
                synchronized (this) {
                    session.start(1);
                }
                for (int n = accepted.getInputStream().read(buffer);
                        n > 0;
                        n = accepted.getInputStream().read(buffer)) {
                    synchronized (this) {
                        if (!session.receive(buffer, 0, n, 1)) {
                            return;
                        }
                    }
                }
            } catch (IOException | UncheckedIOException _) {
                // the peer went away
            } finally {
                closed.incrementAndGet();
                open.remove(accepted);
            }
        }

        synchronized void answer(int stream, String head, String body) {
            byte[] bytes = bytes(head);
            session.head(stream, bytes, 0, bytes.length, body.isEmpty());
            if (!body.isEmpty()) {
                data(stream, body, true);
            }
        }

        synchronized void head(int stream, String head) {
            byte[] bytes = bytes(head);
            session.head(stream, bytes, 0, bytes.length, false);
        }

        synchronized void data(int stream, String text, boolean end) {
            byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
            session.data(stream, bytes, 0, bytes.length, end);
        }

        synchronized void trailers(int stream, String lines) {
            byte[] bytes = bytes(lines);
            session.trailers(stream, bytes, 0, bytes.length);
        }

        synchronized void refuse(int stream, ErrorType code) {
            session.reset(stream, code);
        }

        synchronized void close() {
            try {
                accepted.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        synchronized void leave() {
            session.goAway(1);
        }

        private static byte[] bytes(String text) {
            return text.replace("|", "\r\n").getBytes(StandardCharsets.ISO_8859_1);
        }

        private static String text(byte[] bytes, int from, int to) {
            return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1).replace("\r\n", "|");
        }

        @Override
        public void head(int stream, byte[] bytes, int from, int to, boolean end) {
            String head = text(bytes, from, to);
            heads.add(head);
            script.head(this, stream, head, end);
        }

        @Override
        public void headTooLarge(int stream, boolean end) {}

        @Override
        public void data(int stream, byte[] bytes, int from, int to, boolean end) {
            session.consumed(stream, to - from);
            script.data(this, stream, text(bytes, from, to), end);
        }

        @Override
        public void trailers(int stream, byte[] fieldLines, int from, int to) {
            script.trailers(this, stream, text(fieldLines, from, to));
        }

        @Override
        public void reset(int stream, ErrorType code) {
            resets.add(stream + " " + code);
        }

        @Override
        public void writable(int stream) {}

        @Override
        public void goAway(int lastStream, ErrorType code) {
            farewells.add(code);
        }

        @Override
        public void streamsAllowed(int count) {}

        @Override
        public void write(byte[] bytes, int from, int to) {
            try {
                accepted.getOutputStream().write(bytes, from, to - from);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
