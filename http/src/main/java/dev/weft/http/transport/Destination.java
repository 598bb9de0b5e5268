package dev.weft.http.transport;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where one loop connects to, as whom, expecting whom, and its idle connections to there. Owner: that loop.
 *
 * <p>The connection used last is used first, so that the others grow idle and go. An idle connection that the peer closes,
 * or on which it says anything unasked, is dropped at once.
 */
public final class Destination {

    /** As many as a loop may have in use at once and give back in one turn, so that the next turn need not connect. */
    private static final int IDLE_MAX = 1024;

    private final String address;
    private final int port;
    private final Optional<ClientTls> tls;
    private final String expectedUri;
    private final String protocol;
    private final Deque<Idle> idle = new ArrayDeque<>();
    private Consumer<Connection> whenMade = _ -> {};
    private Optional<? extends Network> network = Optional.empty();
    private boolean retired;

    /**
     * Describes a destination without connecting.
     *
     * @param address numeric, or a name to look up
     * @param expectedUri the URI name that the peer's certificate must have; empty for none
     */
    public Destination(String address, int port, Optional<ClientTls> tls, String expectedUri) {
        this(address, port, tls, expectedUri, "");
    }

    /**
     * Describes a destination without connecting.
     *
     * @param protocol the one that its TLS offers, for all that is spoken there (ALPN); empty for no word on it
     */
    public Destination(String address, int port, Optional<ClientTls> tls, String expectedUri, String protocol) {
        this.protocol = protocol;
        this.address = address;
        this.port = port;
        this.tls = tls;
        this.expectedUri = expectedUri;
    }

    /** Has somebody hear of every connection that is made to here, when it is open. */
    public Destination whenMade(Consumer<Connection> listener) {
        whenMade = listener;
        return this;
    }

    /** Has its connections begin in that network, where there is one, and not in this process's own. */
    public Destination within(Optional<? extends Network> other) {
        network = other;
        return this;
    }

    Optional<? extends Network> network() {
        return network;
    }

    void made(Connection connection) {
        whenMade.accept(connection);
    }

    public String address() {
        return address;
    }

    public int port() {
        return port;
    }

    Optional<ClientTls> tls() {
        return tls;
    }

    /**
     * Why it is not who was asked for; empty when it is. Trust may have ended while hands were shaken.
     *
     * @param begun generation of the credentials when the handshake began
     */
    Optional<String> refusal(TlsSession session, long begun) {
        if (!expectedUri.isEmpty() && !session.peerUri().equals(expectedUri)) {
            String found = session.peerUri().isEmpty() ? "no identity" : session.peerUri();
            return Optional.of("the peer's certificate names " + found + " (expected: " + expectedUri + ")");
        }
        return tls.flatMap(credentials -> credentials.refusal(session, begun));
    }

    String protocol() {
        return protocol;
    }

    /** An idle connection, now the caller's, who must give it a handler at once; null when there is none. */
    public @Nullable Connection take() {
        while (true) {
            Idle last = idle.pollLast();
            if (last == null) {
                return null;
            }
            boolean expired = tls.isPresent() && last.connection.expired(System.currentTimeMillis());
            if (last.connection.isOpen() && current(last.generation) && !expired) {
                last.connection.deadline(0);
                return last.connection;
            }
            last.connection.close();
        }
    }

    /**
     * Keeps a connection for the next user.
     *
     * @param generation of the credentials when it was opened, see {@link #generation()}
     * @param idleNanos how long at most
     */
    public void keep(Connection connection, long generation, long idleNanos) {
        if (retired || idle.size() >= IDLE_MAX || !connection.isOpen() || !current(generation)) {
            connection.close();
            return;
        }
        Idle kept = new Idle(connection, generation);
        idle.addLast(kept);
        connection.handler(kept);
        connection.reading(true);
        connection.deadline(System.nanoTime() + idleNanos);
    }

    /** Changes when the credentials are replaced; connections made with older ones are not used again. */
    public long generation() {
        return tls.isPresent() ? tls.get().generation() : 0;
    }

    private boolean current(long generation) {
        return generation == generation();
    }

    /** Closes the idle connections, and those that come back later. */
    public void retire() {
        retired = true;
        closeIdle();
    }

    /** Closes the idle connections. */
    public void closeIdle() {
        for (Idle each = idle.pollLast(); each != null; each = idle.pollLast()) {
            each.connection.close();
        }
    }

    /** Watches over an idle connection. */
    private final class Idle implements ConnectionHandler {

        private final Connection connection;
        private final long generation;

        Idle(Connection connection, long generation) {
            this.connection = connection;
            this.generation = generation;
        }

        @Override
        public void opened(Connection opened) {}

        @Override
        public void received(Received bytes) {
            connection.close(); // nothing was asked, so this is no answer to anything
        }

        @Override
        public void writabilityChanged() {}

        @Override
        public void timedOut() {
            connection.close();
        }

        @Override
        public void closed(Closure closure) {
            idle.remove(this);
        }
    }
}
