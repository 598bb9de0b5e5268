package dev.weft.proxy.message;

/** A client's connection, whatever it speaks. */
public interface Accepted {

    /** Closes after the requests under way, or after a moment without one: a request may be on the wire already. */
    void leave();

    /** Whether its handshake would fail by now: the client's certificate has ended, or the host asks for something else. */
    boolean expired(long nowMillis);
}
