package dev.weft.http.transport;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Credentials for outgoing connections. They can be replaced at any time, from any thread: connections made before live
 * on until their request ends, and are not used again after.
 */
public final class ClientTls {

    private final boolean mesh;
    private final List<String> protocols;
    private final ReentrantLock replacing = new ReentrantLock();
    private volatile Current current;

    private record Current(SslContext context, long generation) {}

    private ClientTls(SslContext context, List<String> protocols, boolean mesh) {
        this.current = new Current(context, 1);
        this.protocols = List.copyOf(protocols);
        this.mesh = mesh;
    }

    /** Mutual TLS 1.3 between workload identities, without a word on the protocol within. */
    public static ClientTls mesh(Credentials credentials) {
        return mesh(credentials, List.of());
    }

    /**
     * The same with a word on the protocol within.
     *
     * @param protocols what is offered, best first; {@link TlsSession#protocol} says what came of it
     */
    public static ClientTls mesh(Credentials credentials, List<String> protocols) {
        return new ClientTls(TlsContexts.meshClient(credentials, protocols), protocols, true);
    }

    /** TLS to an address outside the mesh: the system's authorities, and the host name must match. */
    public static ClientTls outside() {
        return outside(List.of());
    }

    /**
     * The same with a word on the protocol within.
     *
     * @param protocols what is offered, best first; {@link TlsSession#protocol} says what came of it
     */
    public static ClientTls outside(List<String> protocols) {
        return new ClientTls(TlsContexts.outsideClient(protocols), protocols, false);
    }

    /** Uses these from the next connection on. */
    public void replace(Credentials credentials) {
        SslContext next = TlsContexts.meshClient(credentials, protocols);
        replacing.lock();
        try {
            Current old = current;
            current = new Current(next, old.generation + 1);
            TlsContexts.releaseLater(old.context);
        } finally {
            replacing.unlock();
        }
    }

    /** Nobody connects with these any more; what they hold is freed a minute later. */
    public void retire() {
        TlsContexts.releaseLater(current.context);
    }

    boolean mesh() {
        return mesh;
    }

    long generation() {
        return current.generation;
    }

    SslHandler handler(Channel channel, Destination destination) {
        SslContext context = current.context;
        return mesh
                ? context.newHandler(channel.alloc())
                : context.newHandler(channel.alloc(), destination.address(), destination.port());
    }
}
