package dev.weft.http.transport;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Credentials for outgoing connections. They can be replaced at any time, from any thread: connections made before live
 * on until their request ends, and are not used again after.
 */
public final class ClientTls {

    private final boolean mesh;
    private final ReentrantLock replacing = new ReentrantLock();
    private volatile Current current;

    private record Current(SslContext context, long generation) {}

    private ClientTls(SslContext context, boolean mesh) {
        this.current = new Current(context, 1);
        this.mesh = mesh;
    }

    /** Mutual TLS 1.3 between workload identities. */
    public static ClientTls mesh(Credentials credentials) {
        return new ClientTls(TlsContexts.meshClient(credentials), true);
    }

    /** TLS to an address outside the mesh: the system's authorities, and the host name must match. */
    public static ClientTls outside() {
        return new ClientTls(TlsContexts.outsideClient(), false);
    }

    /** Uses these from the next connection on. */
    public void replace(Credentials credentials) {
        SslContext next = TlsContexts.meshClient(credentials);
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
