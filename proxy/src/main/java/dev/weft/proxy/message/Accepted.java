package dev.weft.proxy.message;

import java.security.cert.X509Certificate;
import java.util.List;

/** A client's connection, whatever it speaks. */
public interface Accepted {

    /** Closes after the requests under way, or after a moment without one: a request may be on the wire already. */
    void leave();

    /** Whether the client's certificate has ended since its handshake. */
    boolean expired(long nowMillis);

    /** Whether one of these anchors vouches for the client, now; whoever shows no certificate needs none. */
    boolean isVouchedFor(List<X509Certificate> anchors);

    /** Ends the requests that are still under way: the client is not trusted any more. */
    void distrust(String detail);
}
