package dev.weft.http.h2;

import dev.weft.http.transport.Closure;
import dev.weft.http.transport.Connection;
import dev.weft.http.transport.ConnectionHandler;
import dev.weft.http.transport.Listener;
import dev.weft.http.transport.Received;
import dev.weft.http.transport.ServerTls;
import dev.weft.http.transport.TlsSession;
import dev.weft.http.transport.Transport;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A server on real sockets that answers every HTTP/2 request, once it has it whole, with a short text. */
final class AnsweringServer implements AutoCloseable {

    private static final byte[] HEAD = Pair.bytes("HTTP/1.1 200 |content-type: text/plain|content-length: 23||");
    private static final byte[] BODY = Pair.bytes("woven, never averaged.\n");

    private final Transport transport = new Transport(2);
    private final Listener listener;

    AnsweringServer(Optional<ServerTls> tls) throws IOException {
        listener = transport.listen("127.0.0.1", 0, tls, _ -> new Client());
    }

    static ServerTls tls() throws Exception {
        return ServerTls.edge(List.of(OwnCertificate.forLocalhost()), List.of(TlsSession.HTTP_2, TlsSession.HTTP_1_1));
    }

    int port() {
        return listener.port();
    }

    @Override
    public void close() {
        listener.close();
        transport.close();
    }

    private static final class Client implements ConnectionHandler, SessionEvents, Output {

        private final Session session = Session.server(SessionOptions.DEFAULT, this, this);
        private final byte[] scratch = new byte[16 * 1024];
        private @Nullable Connection connection;

        private Connection connection() {
            Connection open = connection;
            if (open == null) {
                throw new IllegalStateException("not open yet");
            }
            return open;
        }

        @Override
        public void opened(Connection opened) {
            connection = opened;
            session.start(System.nanoTime());
        }

        @Override
        public void received(Received bytes) {
            boolean sound = true;
            for (int at = 0; at < bytes.length() && sound; at += scratch.length) {
                int to = Math.min(bytes.length(), at + scratch.length);
                bytes.copy(at, to, scratch, 0);
                sound = session.receive(scratch, 0, to - at, System.nanoTime());
            }
            if (!sound) {
                connection().closeAfterWrites();
            }
        }

        @Override
        public void writabilityChanged() {}

        @Override
        public void timedOut() {}

        @Override
        public void closed(Closure closure) {}

        @Override
        public void write(byte[] bytes, int from, int to) {
            connection().write(bytes, from, to);
        }

        @Override
        public boolean writable() {
            return connection().writable();
        }

        @Override
        public void head(int stream, byte[] bytes, int from, int to, boolean end) {
            answerAt(end, stream);
        }

        @Override
        public void headTooLarge(int stream, boolean end) {
            session.reset(stream, ErrorType.CANCEL);
        }

        @Override
        public void data(int stream, byte[] bytes, int from, int to, boolean end) {
            session.consumed(stream, to - from);
            answerAt(end, stream);
        }

        @Override
        public void trailers(int stream, byte[] fieldLines, int from, int to) {
            answerAt(true, stream);
        }

        private void answerAt(boolean end, int stream) {
            if (end) {
                session.head(stream, HEAD, 0, HEAD.length, false);
                session.data(stream, BODY, 0, BODY.length, true);
            }
        }

        @Override
        public void reset(int stream, ErrorType code) {}

        @Override
        public void writable(int stream) {}

        @Override
        public void goAway(int lastStream, ErrorType code) {}

        @Override
        public void streamsAllowed(int count) {}
    }
}
