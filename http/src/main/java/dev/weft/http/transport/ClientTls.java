package dev.weft.http.transport;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

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
     * @param others by the one protocol that each offers; made when first wanted: most identities never do
     * @param credentials empty outside the mesh
     */
    private record Current(
            SslContext context, Map<String, SslContext> others, Optional<Credentials> credentials, long generation) {

        Current(SslContext context, Optional<Credentials> credentials, long generation) {
            this(context, new ConcurrentHashMap<>(), credentials, generation);
        }

        SslContext offering(String protocol) {
            return protocol.isEmpty() ? context : others.computeIfAbsent(protocol, this::make);
        }

        private SslContext make(String protocol) {
            return credentials.isPresent()
                    ? TlsContexts.meshClient(credentials.get(), List.of(protocol))
                    : TlsContexts.outsideClient(List.of(protocol));
        }

        void releaseLater() {
            TlsContexts.releaseLater(context);
            others.values().forEach(TlsContexts::releaseLater);
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

    /** Why whom a handshake showed that was begun with these is not trusted any more; empty when it is. */
    Optional<String> refusal(TlsSession session, long begun) {
        Current now = current;
        return begun == now.generation
                ? Optional.empty()
                : now.credentials.flatMap(credentials -> credentials.trusted().refusal(session));
    }

    SslHandler handler(Channel channel, Destination destination) {
        Current now = current;
        SslContext context = now.offering(destination.protocol());
        return mesh
                ? context.newHandler(channel.alloc())
                : context.newHandler(channel.alloc(), destination.address(), destination.port());
    }
}
