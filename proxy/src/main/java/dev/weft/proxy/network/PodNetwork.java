package dev.weft.proxy.network;

import dev.weft.http.transport.Network;
import java.io.IOException;
import java.net.InetSocketAddress;

/** The network of one pod; equal to itself alone. */
public interface PodNetwork extends Network {

    /**
     * A descriptor of the socket that listens for all that the pod's programs connect to; each accepted connection has what
     * was asked for as its local address. The caller's own, to close; the socket goes on listening. Never called on a loop.
     */
    int listener() throws IOException;

    /** What the pod's programs mean by an address that they connect to. Called on a loop for each connection. */
    Meaning meaning(InetSocketAddress asked);
}
