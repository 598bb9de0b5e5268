package dev.weft.http.transport;

/**
 * What happens on one connection. Every call is made on the connection's loop. Whoever says nothing of a call passes it over:
 * those that only hand a connection on have nothing to say of most.
 */
public interface ConnectionHandler {

    /** The connection stands; with TLS, the handshake is over and the peer has proved who it is. */
    void opened(Connection connection);

    /** Bytes came in. They are gone when this returns, unless they were passed on or copied. */
    default void received(Received bytes) {}

    /** {@link Connection#writable()} may have changed. */
    default void writabilityChanged() {}

    /**
     * The peer will send nothing more and still listens; only on a connection that {@linkplain Connection#allowHalfClose
     * allows} it. When this side has ended its output too, the connection closes by itself.
     */
    default void inputEnded() {}

    /** The time given to {@link Connection#deadline} has come; it is not called again until another is given. */
    default void timedOut() {}

    /** The connection is gone, or never came to be. Exactly one such call ends every connection. */
    default void closed(Closure closure) {}

    /** An accepted connection is gone before it was open, as its handshake failed; called in place of {@link #closed}. */
    default void neverOpened(Connection connection, Closure closure) {
        closed(closure);
    }
}
