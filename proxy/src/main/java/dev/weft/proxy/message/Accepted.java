package dev.weft.proxy.message;

import dev.weft.http.transport.TlsSession;
import java.util.Optional;

/** A client's connection, whatever it speaks. */
public interface Accepted {

    /** What its handshake showed; empty in the clear. */
    Optional<TlsSession> tls();

    /** Ends its requests under way with this, and then itself. */
    void distrust(String reason);

    /** Closes after the requests under way, or after a moment without one: a request may be on the wire already. */
    void leave();

    /** Whether its handshake would fail by now: the client's certificate has ended, or the host asks for something else. */
    boolean expired(long nowMillis);
}
