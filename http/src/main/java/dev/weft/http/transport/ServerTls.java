package dev.weft.http.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SniHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.AttributeKey;
import io.netty.util.concurrent.Future;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
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
    private volatile Map<String, Named> challenges = Map.of(); // by host; mostly none

    /**
     * What a host shows and asks for.
     *
     * @param made from which certificate of the edge; empty in the mesh, and where none could be used
     * @param context empty for a host that lets nobody in, or cannot
     */
    private record Named(
            Optional<EdgeCertificate> made, String host, Optional<SslContext> context, EdgeCertificate.Policy policy) {

        void release() {
            context.ifPresent(TlsContexts::releaseLater);
        }
    }

    /** A fatal alert (RFC 6066 section 3), in the clear, as nothing was agreed yet. */
    private static final byte[] UNRECOGNIZED_NAME = {21, 3, 3, 0, 2, 2, 112};

    /**
     * What the client of a channel asked for and has to keep to.
     *
     * @param serverName {@code ""} for none
     */
    record Chosen(String serverName, EdgeCertificate.Policy policy) {}

    private static final AttributeKey<Chosen> CHOSEN = AttributeKey.valueOf(ServerTls.class, "chosen");

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
        return edge(certificates, protocols, TlsContexts.PROVIDER);
    }

    static ServerTls edge(List<EdgeCertificate> certificates, List<String> protocols, SslProvider provider) {
        return new ServerTls(edgeContexts(certificates, protocols, provider), List.copyOf(protocols), false);
    }

    /** Uses these from the next connection on. */
    public void replace(Credentials credentials) {
        swap(meshContext(credentials, protocols, TlsContexts.PROVIDER), Map.of());
    }

    /**
     * Uses these from the next connection on. A host whose certificate cannot be used lets nobody in; the others go on.
     *
     * @return why, by such a host
     */
    public Map<String, String> replace(List<EdgeCertificate> certificates) {
        Map<String, String> unusable = new LinkedHashMap<>();
        List<Named> next = new ArrayList<>();
        Map<String, Named> asked = new HashMap<>();
        for (EdgeCertificate each : certificates) {
            try {
                Named named = kept(each);
                if (each.forChallenge()) {
                    asked.put(named.host, named);
                } else {
                    next.add(named);
                }
            } catch (IllegalArgumentException e) {
                unusable.put(each.host(), String.valueOf(e.getMessage()));
                if (each.forChallenge()) {
                    continue;
                }
                next.add(new Named(
                        Optional.empty(), each.host().toLowerCase(Locale.ROOT), Optional.empty(), each.policy()));
            }
        }
        swap(next, asked);
        return unusable;
    }

    /** Has new keys for the tickets by which clients of the edge go on with sessions; those of before are worth nothing. */
    public void renewTickets() {
        List<Named> next = current.stream()
                .map(each -> each.made
                        .map(certificate -> edgeContext(certificate, protocols, TlsContexts.PROVIDER))
                        .orElse(each))
                .toList();
        swap(next, challenges);
    }

    /** What did not change keeps its context, and with it the sessions that clients may go on with. */
    private Named kept(EdgeCertificate certificate) {
        return current.stream()
                .filter(known -> known.made.filter(certificate::equals).isPresent())
                .findFirst()
                .orElseGet(() -> edgeContext(certificate, protocols, TlsContexts.PROVIDER));
    }

    private void swap(List<Named> next, Map<String, Named> asked) {
        replacing.lock();
        try {
            List<Named> old = current;
            Map<String, Named> answered = challenges;
            current = next;
            challenges = Map.copyOf(asked);
            old.stream().filter(each -> !next.contains(each)).forEach(Named::release);
            answered.values().stream()
                    .filter(each -> !asked.containsValue(each))
                    .forEach(Named::release);
        } finally {
            replacing.unlock();
        }
    }

    /** Nothing listens with these any more; what they hold is freed a minute later. */
    public void retire() {
        current.forEach(Named::release);
        challenges.values().forEach(Named::release);
    }

    boolean mesh() {
        return mesh;
    }

    ChannelHandler handler(Channel channel) {
        if (mesh) {
            SslContext context = current.getFirst().context.orElseThrow();
            return TlsContexts.withoutResumption(context.newHandler(channel.alloc()));
        }
        return new Choosing(channel);
    }

    /** What a client of an edge was met with; empty in the mesh. */
    static Optional<Chosen> chosen(Channel channel) {
        return Optional.ofNullable(channel.attr(CHOSEN).get());
    }

    /** Goes on as the server name asks. */
    private final class Choosing extends SniHandler {

        private final Channel channel;
        private boolean challenged;

        Choosing(Channel channel) {
            super((@Nullable String serverName) -> choose(serverName, channel));
            this.channel = channel;
        }

        /** Reads the hello a second time only while a challenge is under way. */
        @Override
        protected Future<SslContext> lookup(ChannelHandlerContext context, @Nullable ByteBuf hello) throws Exception {
            challenged = !challenges.isEmpty() && hello != null && OfferedProtocols.are(TlsSession.ACME, hello);
            return super.lookup(context, hello);
        }

        @Override
        protected Future<SslContext> lookup(ChannelHandlerContext context, @Nullable String serverName)
                throws Exception {
            String name = challenged && serverName != null ? serverName.toLowerCase(Locale.ROOT) : "";
            Named challenge = challenged ? challenges.get(name) : null;
            if (challenge == null || challenge.context.isEmpty()) {
                return super.lookup(context, serverName);
            }
            channel.attr(CHOSEN).set(new Chosen(name, challenge.policy));
            return context.executor().newSucceededFuture(challenge.context.get());
        }

        @Override
        protected SslHandler newSslHandler(SslContext context, ByteBufAllocator allocator) {
            SslHandler handler = super.newSslHandler(context, allocator);
            return channel.attr(CHOSEN).get().policy.asks() ? TlsContexts.withoutResumption(handler) : handler;
        }
    }

    private SslContext choose(@Nullable String serverName, Channel channel) {
        String name = serverName == null ? "" : serverName.toLowerCase(Locale.ROOT);
        try {
            Named chosen = choose(name);
            channel.attr(CHOSEN).set(new Chosen(name, chosen.policy));
            return chosen.context.orElseThrow(() -> new IllegalArgumentException("host " + chosen.host
                    + " lets nobody in, as its certificate, or what it asks of clients', is wrong"));
        } catch (IllegalArgumentException e) {
            var _ = channel.writeAndFlush(Unpooled.wrappedBuffer(UNRECOGNIZED_NAME)); // which SniHandler does not say
            throw e;
        }
    }

    private Named choose(String name) {
        List<Named> choices = current;
        if (choices.isEmpty()) {
            throw new IllegalStateException("this listener has no certificate");
        }
        if (name.isEmpty()) {
            return choices
                    .stream() // as by HostPolicies of the requests within, so by the policy, not by what can be used
                    .filter(each -> each.policy.clients() != EdgeCertificate.Policy.Clients.NOBODY)
                    .findFirst()
                    .orElse(choices.getFirst());
        }
        for (Named each : choices) {
            boolean suffix = each.host.startsWith("*.") && name.endsWith(each.host.substring(1));
            if (each.host.equals("*") || each.host.equals(name) || suffix) {
                return each;
            }
        }
        throw new IllegalArgumentException("no certificate for server name " + name);
    }

    private static List<Named> meshContext(Credentials credentials, List<String> protocols, SslProvider provider) {
        return List.of(new Named(
                Optional.empty(),
                "*",
                Optional.of(TlsContexts.meshServer(credentials, protocols, provider)),
                EdgeCertificate.Policy.OPEN));
    }

    private static List<Named> edgeContexts(
            List<EdgeCertificate> certificates, List<String> protocols, SslProvider provider) {
        return certificates.stream()
                .map(each -> edgeContext(each, protocols, provider))
                .toList();
    }

    private static Named edgeContext(EdgeCertificate certificate, List<String> protocols, SslProvider provider) {
        boolean nobody = certificate.policy().clients() == EdgeCertificate.Policy.Clients.NOBODY;
        return new Named(
                Optional.of(certificate),
                certificate.host().toLowerCase(Locale.ROOT),
                nobody ? Optional.empty() : Optional.of(TlsContexts.edgeServer(certificate, protocols, provider)),
                certificate.policy());
    }

    /** Reads what a ClientHello offers to speak within (RFC 7301 section 3.1). */
    private static final class OfferedProtocols {

        private static final int VERSION_AND_RANDOM = 34;
        private static final int ALPN = 16;

        private OfferedProtocols() {}

        /**
         * Whether this one is offered, and nothing else.
         *
         * @param hello without its handshake header, whole; left as it is, whatever is in it
         */
        static boolean are(String protocol, ByteBuf hello) {
            try {
                return only(protocol, hello.duplicate());
            } catch (IndexOutOfBoundsException _) {
                return false; // whoever ends the TLS will refuse it
            }
        }

        private static boolean only(String protocol, ByteBuf hello) {
            hello.skipBytes(VERSION_AND_RANDOM);
            hello.skipBytes(hello.readUnsignedByte()); // session id
            hello.skipBytes(hello.readUnsignedShort()); // cipher suites
            hello.skipBytes(hello.readUnsignedByte()); // compression methods
            hello.skipBytes(2); // the extensions' length
            while (hello.readableBytes() >= 4) {
                int type = hello.readUnsignedShort();
                int length = hello.readUnsignedShort();
                if (type == ALPN) {
                    int size = protocol.length();
                    return length == size + 3
                            && hello.readUnsignedShort() == size + 1
                            && hello.readUnsignedByte() == size
                            && hello.readCharSequence(size, StandardCharsets.US_ASCII)
                                    .toString()
                                    .equals(protocol);
                }
                hello.skipBytes(length);
            }
            return false;
        }
    }
}
