package dev.weft.http.transport;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Credentials for outgoing connections. They can be replaced at any time, from any thread: connections made before live
 * on until their request ends, and are not used again after.
 */
public final class ClientTls {

    /** What two proxies of the mesh call an opaque stream between them (ALPN). */
    public static final String STREAM_PROTOCOL = "weft-tcp/1";

    private final boolean mesh;
    private final List<String> protocols;
    private final ReentrantLock replacing = new ReentrantLock();
    private volatile Current current;

    /**
     * @param streams made with the first opaque stream: most identities never open one
     * @param credentials empty outside the mesh
     */
    private record Current(
            SslContext context,
            AtomicReference<@Nullable SslContext> streams,
            Optional<Credentials> credentials,
            long generation) {

        Current(SslContext context, Optional<Credentials> credentials, long generation) {
            this(context, new AtomicReference<>(), credentials, generation);
        }

        /** Offers nothing but streams, so that nobody takes one for a request. */
        SslContext forStreams() {
            SslContext made = streams.get();
            if (made != null || credentials.isEmpty()) {
                return made == null ? context : made;
            }
            SslContext fresh = TlsContexts.meshClient(credentials.get(), List.of(STREAM_PROTOCOL));
            if (streams.compareAndSet(null, fresh)) {
                return fresh;
            }
            ReferenceCountUtil.release(fresh); // another loop was first
            return forStreams();
        }

        void releaseLater() {
            TlsContexts.releaseLater(context);
            SslContext made = streams.get();
            if (made != null) {
                TlsContexts.releaseLater(made);
            }
        }
    }

    private ClientTls(SslContext context, List<String> protocols, Optional<Credentials> credentials) {
        this.current = new Current(context, credentials, 1);
        this.protocols = List.copyOf(protocols);
        this.mesh = credentials.isPresent();
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
        return new ClientTls(TlsContexts.meshClient(credentials, protocols), protocols, Optional.of(credentials));
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
        return new ClientTls(TlsContexts.outsideClient(protocols), protocols, Optional.empty());
    }

    /** Uses these from the next connection on. */
    public void replace(Credentials credentials) {
        SslContext next = TlsContexts.meshClient(credentials, protocols);
        replacing.lock();
        try {
            Current old = current;
            current = new Current(next, Optional.of(credentials), old.generation + 1);
            old.releaseLater();
        } finally {
            replacing.unlock();
        }
    }

    /** Nobody connects with these any more; what they hold is freed a minute later. */
    public void retire() {
        current.releaseLater();
    }

    boolean mesh() {
        return mesh;
    }

    long generation() {
        return current.generation;
    }

    SslHandler handler(Channel channel, Destination destination) {
        Current now = current;
        SslContext context = destination.forStreams() ? now.forStreams() : now.context;
        return mesh
                ? context.newHandler(channel.alloc())
                : context.newHandler(channel.alloc(), destination.address(), destination.port());
    }
}
