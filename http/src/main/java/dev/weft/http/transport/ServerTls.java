package dev.weft.http.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.handler.ssl.SniHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslProvider;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Credentials for incoming connections. They can be replaced at any time, from any thread; connections accepted before
 * live on.
 */
public final class ServerTls {

    /** How long a client may take to prove who it is. */
    static final long HANDSHAKE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final boolean mesh;
    private final List<String> protocols;
    private final ReentrantLock replacing = new ReentrantLock();
    private volatile List<Named> current;

    private record Named(String host, SslContext context) {}

    private ServerTls(List<Named> contexts, List<String> protocols, boolean mesh) {
        this.current = contexts;
        this.protocols = protocols;
        this.mesh = mesh;
    }

    /** Mutual TLS 1.3 between workload identities, without a word on the protocol within. */
    public static ServerTls mesh(Credentials credentials) {
        return mesh(credentials, List.of());
    }

    /**
     * The same with a word on the protocol within.
     *
     * @param protocols the first of them that the client offers too is spoken, see {@link TlsSession#protocol}
     */
    public static ServerTls mesh(Credentials credentials, List<String> protocols) {
        return mesh(credentials, protocols, TlsContexts.PROVIDER);
    }

    static ServerTls mesh(Credentials credentials, List<String> protocols, SslProvider provider) {
        return new ServerTls(meshContext(credentials, protocols, provider), List.copyOf(protocols), true);
    }

    /**
     * TLS 1.2 and 1.3 for clients outside the mesh; the first certificate whose host matches the server name is shown. A
     * client that sends no server name gets the first certificate; one that sends an unknown name is refused.
     */
    public static ServerTls edge(List<EdgeCertificate> certificates) {
        return edge(certificates, List.of(TlsSession.HTTP_1_1));
    }

    /**
     * The same with a word on the protocol within.
     *
     * @param protocols the first of them that the client offers too is spoken, see {@link TlsSession#protocol}
     */
    public static ServerTls edge(List<EdgeCertificate> certificates, List<String> protocols) {
        return new ServerTls(edgeContexts(certificates, protocols), List.copyOf(protocols), false);
    }

    /** Uses these from the next connection on. */
    public void replace(Credentials credentials) {
        swap(meshContext(credentials, protocols, TlsContexts.PROVIDER));
    }

    /** Uses these from the next connection on. */
    public void replace(List<EdgeCertificate> certificates) {
        swap(edgeContexts(certificates, protocols));
    }

    private void swap(List<Named> next) {
        replacing.lock();
        try {
            List<Named> old = current;
            current = next;
            old.forEach(named -> TlsContexts.releaseLater(named.context));
        } finally {
            replacing.unlock();
        }
    }

    /** Nothing listens with these any more; what they hold is freed a minute later. */
    public void retire() {
        current.forEach(named -> TlsContexts.releaseLater(named.context));
    }

    boolean mesh() {
        return mesh;
    }

    ChannelHandler handler(Channel channel) {
        if (mesh) {
            return TlsContexts.withoutResumption(current.getFirst().context.newHandler(channel.alloc()));
        }
        return new SniHandler(this::choose);
    }

    private SslContext choose(@Nullable String serverName) {
        List<Named> choices = current;
        if (choices.isEmpty()) {
            throw new IllegalStateException("this listener has no certificate");
        }
        if (serverName == null) {
            return choices.getFirst().context;
        }
        String name = serverName.toLowerCase(Locale.ROOT);
        for (Named each : choices) {
            boolean suffix = each.host.startsWith("*.") && name.endsWith(each.host.substring(1));
            if (each.host.equals("*") || each.host.equals(name) || suffix) {
                return each.context;
            }
        }
        throw new IllegalArgumentException("no certificate for server name " + name);
    }

    private static List<Named> meshContext(Credentials credentials, List<String> protocols, SslProvider provider) {
        return List.of(new Named("*", TlsContexts.meshServer(credentials, protocols, provider)));
    }

    private static List<Named> edgeContexts(List<EdgeCertificate> certificates, List<String> protocols) {
        return certificates.stream()
                .map(each -> new Named(each.host().toLowerCase(Locale.ROOT), TlsContexts.edgeServer(each, protocols)))
                .toList();
    }
}
