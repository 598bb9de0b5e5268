package dev.weft.http.transport;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.internal.tcnative.SSL;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Builds TLS contexts: OpenSSL's (BoringSSL) where its library loads, else the JDK's. */
final class TlsContexts {

    static final SslProvider PROVIDER = OpenSsl.isAvailable() ? SslProvider.OPENSSL_REFCNT : SslProvider.JDK;
    private static final String JDK_TICKETS = "jdk.tls.server.enableSessionTicketExtension";
    private static final int HANDSHAKES_OVER_SECONDS = 60;
    private static final String TLS_1_3 = "TLSv1.3";
    private static final String TLS_1_2 = "TLSv1.2";

    /** Of TLS 1.3 all; of TLS 1.2 those with forward secrecy and authenticated encryption (Mozilla's intermediate list). */
    private static final List<String> EDGE_CIPHERS = List.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    private static final int TLS_1_3_CIPHERS = 3;

    /**
     * Netty puts each key into a key store in memory. The JDK's default kind stretches a password there, 10,000 hashes for each
     * context, which is most of what a context costs; this kind does not, and nobody sees the store.
     */
    private static final String KEY_STORE = "JKS";

    private TlsContexts() {}

    /** Takes opaque streams too, whatever else it speaks. */
    static SslContext meshServer(Credentials credentials, List<String> protocols, SslProvider provider) {
        List<String> all = Stream.concat(Stream.of(ClientTls.STREAM_PROTOCOL), protocols.stream())
                .toList();
        return withoutResumption(withoutTickets(
                SslContextBuilder.forServer(credentials.privateKey(), chain(credentials))
                        .trustManager(ChainTrust.mesh(credentials.trusted()))
                        .clientAuth(ClientAuth.REQUIRE)
                        .applicationProtocolConfig(offering(all))
                        .protocols(TLS_1_3),
                provider));
    }

    static SslContext meshClient(Credentials credentials, List<String> protocols) {
        return withoutResumption(built(SslContextBuilder.forClient()
                .keyManager(credentials.privateKey(), chain(credentials))
                .trustManager(ChainTrust.mesh(credentials.trusted()))
                .endpointIdentificationAlgorithm(noHostNames())
                .applicationProtocolConfig(offering(protocols))
                .protocols(TLS_1_3)));
    }

    static SslContext outsideClient(List<String> protocols) {
        return built(SslContextBuilder.forClient()
                .endpointIdentificationAlgorithm("HTTPS")
                .applicationProtocolConfig(offering(protocols))
                .protocols(TLS_1_3, TLS_1_2));
    }

    static SslContext edgeServer(EdgeCertificate certificate, List<String> protocols, SslProvider provider) {
        Optional<PrivateKey> key = certificate.privateKey();
        SslContextBuilder builder = key.isPresent()
                ? SslContextBuilder.forServer(key.get(), certificates(certificate.chainPem()))
                : SslContextBuilder.forServer(stream(certificate.chainPem()), stream(certificate.privateKeyPem()));
        EdgeCertificate.Policy policy = certificate.policy();
        if (policy.asks()) {
            builder.trustManager(ChainTrust.edge(policy))
                    .clientAuth(
                            policy.clients() == EdgeCertificate.Policy.Clients.REQUIRED
                                    ? ClientAuth.REQUIRE
                                    : ClientAuth.OPTIONAL);
        }
        List<String> versions = policy.versions().isEmpty() ? List.of(TLS_1_3, TLS_1_2) : policy.versions();
        builder.applicationProtocolConfig(offering(policy.protocols().isEmpty() ? protocols : policy.protocols()))
                .ciphers(ciphers(policy), SupportedCipherSuiteFilter.INSTANCE)
                .protocols(versions);
        return policy.asks() ? withoutResumption(withoutTickets(builder, provider)) : built(builder, provider);
    }

    /** Those of TLS 1.3 always: there is no weak one, and a list seldom names them. */
    private static List<String> ciphers(EdgeCertificate.Policy policy) {
        return policy.ciphers().isEmpty()
                ? EDGE_CIPHERS
                : Stream.concat(EDGE_CIPHERS.stream().limit(TLS_1_3_CIPHERS), policy.ciphers().stream())
                        .distinct()
                        .toList();
    }

    /** Peers are known by the URI name in their certificate, which is compared after the handshake, not by a host name. */
    private static @Nullable String noHostNames() {
        return null;
    }

    /** A peer that knows none of them is served all the same, as one that offers nothing is (RFC 7301). */
    private static ApplicationProtocolConfig offering(List<String> protocols) {
        return protocols.isEmpty()
                ? ApplicationProtocolConfig.DISABLED
                : new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        SelectorFailureBehavior.NO_ADVERTISE,
                        SelectedListenerFailureBehavior.ACCEPT,
                        protocols);
    }

    private static SslContext built(SslContextBuilder builder) {
        return built(builder, PROVIDER);
    }

    private static SslContext built(SslContextBuilder builder, SslProvider provider) {
        try {
            return builder.sslProvider(provider).keyStoreType(KEY_STORE).build();
        } catch (SSLException e) {
            throw new IllegalArgumentException("TLS credentials cannot be used: " + e.getMessage(), e);
        }
    }

    private static SslContext withoutResumption(SslContext context) {
        if (context.sessionContext() instanceof OpenSslSessionContext sessions) {
            sessions.setSessionCacheEnabled(false);
        }
        return context;
    }

    /** The JDK asks for this property whenever it makes a context. */
    private static SslContext withoutTickets(SslContextBuilder builder, SslProvider provider) {
        String before = System.getProperty(JDK_TICKETS, "true");
        System.setProperty(JDK_TICKETS, "false");
        try {
            return built(builder, provider);
        } finally {
            System.setProperty(JDK_TICKETS, before);
        }
    }

    /**
     * Has no session outlive its connection, so that an expired certificate or a removed anchor bites at the next one.
     * BoringSSL knows TLS 1.3 sessions in tickets alone, which only an option of the connection turns off; the JDK, once it
     * gives no tickets, keeps them itself and can be told to forget.
     */
    static SslHandler withoutResumption(SslHandler handshake) {
        if (handshake.engine() instanceof ReferenceCountedOpenSslEngine openSsl) {
            SSL.setOptions(openSsl.sslPointer(), SSL.SSL_OP_NO_TICKET);
        } else {
            handshake
                    .handshakeFuture()
                    .addListener(_ -> handshake.engine().getSession().invalidate());
        }
        return handshake;
    }

    /** Frees a context that was replaced, once every handshake that may have picked it up is over. */
    static void releaseLater(SslContext context) {
        CompletableFuture.delayedExecutor(HANDSHAKES_OVER_SECONDS, TimeUnit.SECONDS)
                .execute(() -> ReferenceCountUtil.release(context));
    }

    private static X509Certificate[] chain(Credentials credentials) {
        return credentials.chain().toArray(X509Certificate[]::new);
    }

    private static X509Certificate[] certificates(String pem) {
        try {
            return CertificateFactory.getInstance("X.509").generateCertificates(stream(pem)).stream()
                    .map(X509Certificate.class::cast)
                    .toArray(X509Certificate[]::new);
        } catch (CertificateException e) {
            throw new IllegalArgumentException("TLS credentials cannot be used: " + e.getMessage(), e);
        }
    }

    private static InputStream stream(String pem) {
        return new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII));
    }
}
