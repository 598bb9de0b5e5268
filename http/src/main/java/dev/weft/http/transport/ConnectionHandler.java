package dev.weft.http.transport;

/** What happens on one connection. Every call is made on the connection's loop. */
public interface ConnectionHandler {

    /** The connection stands; with TLS, the handshake is over and the peer has proved who it is. */
    void opened(Connection connection);

    /** Bytes came in. They are gone when this returns, unless they were passed on or copied. */
    void received(Received bytes);

    /** {@link Connection#writable()} may have changed. */
    void writabilityChanged();

    /**
     * The peer will send nothing more and still listens; only on a connection that {@linkplain Connection#allowHalfClose
     * allows} it. When this side has ended its output too, the connection closes by itself.
     */
    default void inputEnded() {}

    /** The time given to {@link Connection#deadline} has come; it is not called again until another is given. */
    void timedOut();

    /** The connection is gone, or never came to be. Exactly one such call ends every connection. */
    void closed(Closure closure);

    /** An accepted connection is gone before it was open, as its handshake failed; called in place of {@link #closed}. */
    default void neverOpened(Connection connection, Closure closure) {
        closed(closure);
    }
}
