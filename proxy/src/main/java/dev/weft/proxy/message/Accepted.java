package dev.weft.proxy.message;

/** A client's connection, whatever it speaks. */
public interface Accepted {

    /** Closes after the requests under way, or after a moment without one: a request may be on the wire already. */
    void leave();

    /** Whether the client's certificate has ended since its handshake. */
    boolean expired(long nowMillis);
}
