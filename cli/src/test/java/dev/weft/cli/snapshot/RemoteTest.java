package dev.weft.cli.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.model.traffic.Snapshot;
import dev.weft.model.traffic.Snapshots;
import dev.weft.model.workload.Certificates;
import dev.weft.model.workload.Revocation;
import dev.weft.model.workload.WorkloadCertificate;
import dev.weft.model.workload.WorkloadIdentity;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Server;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** Two ends of the feed over a real connection. */
class RemoteTest {

    private final HttpClient client = HttpClient.newHttpClient();
    private final Published published = new Published();
    private Server server = new Server();

    @AfterEach
    void stop() throws Exception {
        server.stop();
        client.shutdownNow();
    }

    @Test
    void hearsOfEverySnapshotThatIsNotOvertaken() throws Exception {
        published.publish(version(7));
        URI uri = serve(new SnapshotHandler(published));
        BlockingQueue<Long> heard = new LinkedBlockingQueue<>();

        try (RemoteSnapshots remote = RemoteSnapshots.follow(lines(uri), UnaryOperator.identity())) {
            remote.onChange(snapshot -> heard.add(snapshot.version()));
            awaitVersion(heard, 7);
            published.publish(version(8));
            awaitVersion(heard, 8);
            assertThat(remote.current().version()).isEqualTo(8);
        }
    }

    @Test
    void aPodIsHeldUntilWhoeverMaySendToItHasHeardThatItLeft() throws Exception {
        published.publish(version(7));
        SnapshotHandler handler = new SnapshotHandler(published);
        URI uri = URI.create(serve(handler) + "?follower=proxy-1");
        AtomicLong inEffect = new AtomicLong();
        assertThat(handler.behind("default/early")).isZero();

        try (RemoteSnapshots remote = RemoteSnapshots.follow(lines(uri), UnaryOperator.identity());
                Acknowledgement _ = new Acknowledgement(
                        remote, inEffect::get, version -> post(URI.create(uri + "&version=" + version), "{}"))) {
            assertThat(remote.awaitFirst(60, TimeUnit.SECONDS)).isTrue();
            assertThat(handler.behind("default/left-at-7")).isEqualTo(1);
            inEffect.set(7);
            await(() -> handler.behind("default/left-at-7") == 0);

            published.publish(version(8));
            assertThat(handler.behind("default/left-at-8")).isEqualTo(1);
            assertThat(handler.behind("default/left-at-7")).isZero();
            inEffect.set(8);
            await(() -> handler.behind("default/left-at-8") == 0);

            published.publish(version(9));
            assertThat(handler.behind("default/left-at-9")).isEqualTo(1);
        }
        published.publish(version(10)); // finds out that nobody listens any more
        await(() -> handler.behind("default/left-at-9") == 0);
    }

    private static void await(java.util.function.BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - end).as("within 60 s").isNegative();
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Test
    void keepsTheLastSnapshotAndConnectsAgainWhenThePlatformGoesAndComesBack() throws Exception {
        published.publish(version(7));
        AtomicInteger port = new AtomicInteger();
        port.set(serve(new SnapshotHandler(published)).getPort());
        BlockingQueue<Long> heard = new LinkedBlockingQueue<>();
        Consumer<Predicate<String>> stream = more ->
                lines(URI.create("http://127.0.0.1:" + port.get() + "/")).accept(more);

        try (RemoteSnapshots remote = RemoteSnapshots.follow(stream, UnaryOperator.identity())) {
            remote.onChange(snapshot -> heard.add(snapshot.version()));
            awaitVersion(heard, 7);
            server.stop();
            assertThat(remote.current().version()).isEqualTo(7);
            published.publish(version(9));
            port.set(serve(new SnapshotHandler(published)).getPort());
            awaitVersion(heard, 9);
        }
    }

    @Test
    void getsACertificateForAKeyThatNeverLeaves() throws Exception {
        Authority authority = new Authority();
        URI uri = serve(new CertificateHandler(authority, authority, Set.of(WorkloadIdentity.EDGE), Optional::empty));

        try (RemoteCertificates remote =
                RemoteCertificates.of(body -> post(uri, body), () -> "", WorkloadIdentity.EDGE)) {
            WorkloadCertificate certificate = remote.certificate(WorkloadIdentity.EDGE);
            assertThat(certificate.chain().getFirst().getSubjectAlternativeNames())
                    .containsExactly(List.of(GeneralName.uniformResourceIdentifier, WorkloadIdentity.EDGE.uri()));
            assertThat(remote.anchors()).isEqualTo(authority.anchors());
            assertThat(authority.signed)
                    .containsExactly(certificate.chain().getFirst().getPublicKey());
        }
    }

    @Test
    void renewsACertificateWhenAThirdOfItsLifeIsLeft() throws Exception {
        Authority authority = new Authority();
        URI uri = serve(new CertificateHandler(authority, authority, Set.of(WorkloadIdentity.EDGE), Optional::empty));
        AtomicInteger renewals = new AtomicInteger();

        try (RemoteCertificates remote =
                RemoteCertificates.of(body -> post(uri, body), () -> "", WorkloadIdentity.EDGE)) {
            remote.onChange(renewals::incrementAndGet);
            remote.renewDue(authority.start.plus(Duration.ofHours(15)));
            assertThat(renewals).hasValue(0);
            remote.renewDue(authority.start.plus(Duration.ofHours(17)));
            assertThat(renewals).hasValue(1);
        }
    }

    @Test
    void followsWhatIsRevokedAndHasItsOwnReplaced() throws Exception {
        Authority authority = new Authority();
        var stranger = new Revocation.OfCertificate(BigInteger.TWO, authority.start.plusSeconds(60));
        authority.revoked = List.of(stranger);
        URI uri = serve(new CertificateHandler(authority, authority, Set.of(WorkloadIdentity.EDGE), Optional::empty));
        AtomicInteger changes = new AtomicInteger();

        try (RemoteCertificates remote =
                RemoteCertificates.of(body -> post(uri, body), () -> get(uri), WorkloadIdentity.EDGE)) {
            assertThat(remote.revocations()).containsExactly(stranger);
            remote.onChange(changes::incrementAndGet);
            WorkloadCertificate own = remote.certificate(WorkloadIdentity.EDGE);
            authority.revoked = List.of(new Revocation.OfIdentity(
                    WorkloadIdentity.EDGE,
                    own.chain().getFirst().getNotBefore().toInstant().plusSeconds(1),
                    authority.start.plusSeconds(60)));
            remote.followTrust();
            assertThat(remote.revocations()).isEqualTo(authority.revoked);
            assertThat(remote.certificate(WorkloadIdentity.EDGE)).isNotEqualTo(own);
            assertThat(changes.get()).isPositive();
        }
    }

    @Test
    void goesOnWithAPlatformThatSaysNothingOfRevoking() throws Exception {
        Authority authority = new Authority();
        URI uri = serve(new CertificateHandler(authority, authority, Set.of(WorkloadIdentity.EDGE), Optional::empty));
        String before =
                JsonMapper.shared().writeValueAsString(Map.of("anchors", Pem.write(authority.anchors()), "issuer", ""));

        try (RemoteCertificates remote =
                RemoteCertificates.of(body -> post(uri, body), () -> before, WorkloadIdentity.EDGE)) {
            assertThat(remote.anchors()).isEqualTo(authority.anchors());
            assertThat(remote.revocations()).isEmpty();
        }
    }

    @Test
    void signsForNobodyElse() throws Exception {
        Authority authority = new Authority();
        URI uri = serve(new CertificateHandler(authority, authority, Set.of(WorkloadIdentity.EDGE), Optional::empty));
        var other = new WorkloadIdentity(WorkloadIdentity.TRUST_DOMAIN, "default", "quote");

        assertThatThrownBy(() -> RemoteCertificates.of(body -> post(uri, body), () -> "", other))
                .hasMessageContaining("may not be asked for here");
        assertThat(authority.signed).isEmpty();
    }

    @Test
    void readsNoMoreOfARequestThanOneMayHave() throws Exception {
        Authority authority = new Authority();
        URI uri = serve(new CertificateHandler(authority, authority, Set.of(WorkloadIdentity.EDGE), Optional::empty));
        var chunked = HttpRequest.newBuilder(uri)
                .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[66_000])))
                .build();

        assertThat(client.send(chunked, HttpResponse.BodyHandlers.discarding()).statusCode())
                .isEqualTo(413);
    }

    @Test
    void saysWhatARequestForACertificateLacks() throws Exception {
        Authority authority = new Authority();
        URI uri = serve(new CertificateHandler(authority, authority, Set.of(WorkloadIdentity.EDGE), Optional::empty));
        for (String body : List.of("{}", "[]", "{\"request\":null}", "{\"request\":\"no\"}", "no")) {
            var post = HttpRequest.newBuilder(uri)
                    .POST(HttpRequest.BodyPublishers.ofString(body))
                    .build();
            HttpResponse<String> answer = client.send(post, HttpResponse.BodyHandlers.ofString());

            assertThat(answer.statusCode()).as(body).isEqualTo(400);
            if (!body.contains("no")) {
                assertThat(answer.body()).contains("is missing", "PKCS#10");
            }
        }
    }

    private URI serve(Handler handler) throws Exception {
        server = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        server.setHandler(handler);
        server.start();
        return server.getURI();
    }

    private Consumer<Predicate<String>> lines(URI uri) {
        return more -> {
            try {
                var answer =
                        client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofInputStream());
                try (var reader = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
                    for (String line = reader.readLine(); line != null && more.test(line); line = reader.readLine()) {}
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
    }

    private String get(URI uri) {
        return answer(HttpRequest.newBuilder(uri).build());
    }

    private String post(URI uri, String body) {
        return answer(HttpRequest.newBuilder(uri)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    private String answer(HttpRequest request) {
        try {
            var answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IllegalStateException(answer.body());
            }
            return answer.body();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void awaitVersion(BlockingQueue<Long> heard, long version) throws InterruptedException {
        Long next = heard.poll(60, TimeUnit.SECONDS);
        while (next != null && next != version) {
            next = heard.poll(60, TimeUnit.SECONDS);
        }
        assertThat(next).as("version %d was heard of within 60 s", version).isNotNull();
    }

    private static Snapshot version(long version) {
        Snapshot all = SnapshotJsonTest.everything();
        return new Snapshot(
                version,
                all.edge(),
                all.edgeFrontends(),
                all.meshFrontends(),
                all.groups(),
                all.instances(),
                all.access(),
                List.of());
    }

    private static final class Published implements Snapshots {
        private final List<Consumer<Snapshot>> listeners = new CopyOnWriteArrayList<>();
        private volatile Snapshot current = Snapshot.EMPTY;

        private void publish(Snapshot snapshot) {
            current = snapshot;
            listeners.forEach(listener -> listener.accept(snapshot));
        }

        @Override
        public Snapshot current() {
            return current;
        }

        @Override
        public void onChange(Consumer<Snapshot> listener) {
            listeners.add(listener);
            listener.accept(current);
        }
    }

    /** Signs for a day, as its own anchor. */
    private static final class Authority implements Signer, Certificates {
        private final Instant start = Instant.now();
        private final List<PublicKey> signed = new CopyOnWriteArrayList<>();
        private volatile List<Revocation> revoked = List.of();
        private final KeyPair keys;
        private final X509Certificate anchor;

        private Authority() throws GeneralSecurityException {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(256);
            this.keys = generator.generateKeyPair();
            this.anchor = issue("spiffe://cluster.local", keys.getPublic());
        }

        @Override
        public List<X509Certificate> sign(WorkloadIdentity identity, byte[] request) {
            try {
                PublicKey key = new JcaPKCS10CertificationRequest(request).getPublicKey();
                signed.add(key);
                return List.of(issue(identity.uri(), key));
            } catch (IOException | GeneralSecurityException e) {
                throw new IllegalArgumentException(e);
            }
        }

        @Override
        public WorkloadCertificate certificate(WorkloadIdentity identity) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<X509Certificate> anchors() {
            return List.of(anchor);
        }

        @Override
        public List<Revocation> revocations() {
            return revoked;
        }

        @Override
        public void onChange(Runnable listener) {}

        private X509Certificate issue(String uri, PublicKey key) {
            try {
                var name = new X500Principal("CN=test");
                var builder = new JcaX509v3CertificateBuilder(
                        name,
                        BigInteger.ONE,
                        Date.from(start),
                        Date.from(start.plus(Duration.ofHours(24))),
                        new X500Principal("CN=leaf"),
                        key);
                builder.addExtension(
                        Extension.subjectAlternativeName,
                        true,
                        new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, uri)));
                return new JcaX509CertificateConverter()
                        .getCertificate(
                                builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
            } catch (CertIOException | OperatorCreationException | GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
