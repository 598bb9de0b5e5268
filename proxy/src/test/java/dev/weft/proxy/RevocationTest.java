package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.http.transport.ClientTls;
import dev.weft.http.transport.Closure;
import dev.weft.http.transport.Connection;
import dev.weft.http.transport.ConnectionHandler;
import dev.weft.http.transport.Credentials;
import dev.weft.http.transport.Credentials.TrustedPeers;
import dev.weft.http.transport.Destination;
import dev.weft.http.transport.Transport;
import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.outcome.Hop;
import dev.weft.model.outcome.Outcome;
import dev.weft.model.outcome.RefusedConnection;
import dev.weft.model.workload.Revocation;
import dev.weft.model.workload.WorkloadCertificate;
import dev.weft.model.workload.WorkloadIdentity;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whoever shows a certificate that was revoked is refused and named, from the moment on in which the proxy hears of it. */
class RevocationTest {

    private static final WorkloadIdentity HELLO = Scene.workload("hello").identity();
    private final Instant later = Instant.now().plus(1, ChronoUnit.HOURS);

    private final Stage stage = new Stage();
    private final int inbound = Ports.free();
    private final CountDownLatch asked = new CountDownLatch(2);
    private final CountDownLatch answer = new CountDownLatch(1);

    @BeforeEach
    void open() throws IOException {
        Upstream program = stage.upstream((peer, _) -> {
            while (true) {
                if (peer.readHead().startsWith("GET /slow ")) {
                    asked.countDown();
                    await(answer);
                }
                peer.send("HTTP/1.1 200 OK|Content-Length: 0||");
            }
        });
        stage.scene
                .pod("hello", "127.1.7.1", Ports.free(), Ports.free(), 1)
                .pod("quote", "127.1.7.2", Ports.free(), inbound, program.port());
        stage.show();
        assertThat(stage.proxy.problems()).isEmpty();
    }

    @AfterEach
    void close() throws IOException {
        answer.countDown();
        stage.close();
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private Revocation.OfCertificate one(WorkloadCertificate certificate) {
        return new Revocation.OfCertificate(serial(certificate), later);
    }

    private static BigInteger serial(WorkloadCertificate certificate) {
        return certificate.chain().getFirst().getSerialNumber();
    }

    private void revoke(Revocation... all) {
        stage.authority.revoke(all);
        stage.show(); // behind the change, on the proxy's own thread
    }

    private Client connect(WorkloadCertificate shown) throws IOException {
        SSLContext context = Tls.context(Optional.of(shown));
        return stage.closing(new Client(Tls.connect(context, "127.1.7.2", inbound, "http/1.1")));
    }

    private Client asks(WorkloadCertificate shown, String path) throws IOException {
        return connect(shown).send("GET " + path + " HTTP/1.1|Host: quote||");
    }

    /** By TLS's own alert, or by a reset where that overtakes it. */
    private boolean turnedAway(WorkloadCertificate shown) throws IOException {
        try {
            return asks(shown, "/").closed();
        } catch (SSLException e) {
            assertThat(e).hasMessageContaining("certificate_revoked");
            return true;
        }
    }

    private void refused(WorkloadCertificate shown) throws IOException {
        assertThat(turnedAway(shown)).isTrue();
        RefusedConnection refusal = stage.outcomes.nextRefused();
        assertThat(refusal.error()).isEqualTo(ErrorCode.CALLER_UNPROVEN);
        assertThat(refusal.detail()).contains("was revoked", HELLO.uri());
    }

    @Test
    void refusesOneCertificateAndNoOtherOfItsOwner() throws IOException {
        WorkloadCertificate stolen = stage.authority.issue(HELLO);
        WorkloadCertificate other = stage.authority.issue(HELLO);
        assertThat(asks(stolen, "/").read().status()).isEqualTo(200);
        revoke(one(stolen));
        refused(stolen);
        assertThat(asks(other, "/").read().status()).isEqualTo(200);
    }

    @Test
    void refusesAllOfAnIdentityFromBeforeAMoment() throws IOException {
        WorkloadCertificate early = stage.authority.issue(HELLO);
        Instant begin = early.chain().getFirst().getNotBefore().toInstant();
        revoke(new Revocation.OfIdentity(HELLO, begin, later));
        assertThat(asks(early, "/").read().status()).isEqualTo(200);
        revoke(new Revocation.OfIdentity(HELLO, begin.plusSeconds(1), later));
        refused(early);
        WorkloadCertificate quote =
                stage.authority.issue(Scene.workload("quote").identity());
        assertThat(asks(quote, "/").read().status()).isEqualTo(200);
    }

    @Test
    void endsOpenConnectionsAndWhatIsAskedOnThemAndNobodyElses() throws IOException {
        WorkloadCertificate stolen = stage.authority.issue(HELLO);
        WorkloadCertificate other = stage.authority.issue(HELLO);
        Client idle = asks(stolen, "/");
        assertThat(idle.read().status()).isEqualTo(200);
        Client cut = asks(stolen, "/slow");
        Client kept = asks(other, "/slow");
        await(asked);
        revoke(one(stolen));
        assertThat(idle.closed()).isTrue();
        Client.Answer said = cut.read();
        assertThat(said.status()).isEqualTo(403);
        assertThat(said.has("weft-error: trust-ended")).isTrue();
        assertThat(cut.closed()).isTrue();
        answer.countDown();
        assertThat(kept.read().status()).isEqualTo(200);
        assertThat(stage.outcomes.next(Hop.INBOUND).status()).isEqualTo(200);
        Outcome ended = stage.outcomes.next(Hop.INBOUND);
        assertThat(ended.error()).contains(ErrorCode.TRUST_ENDED);
        assertThat(ended.decisions().toString()).contains("was revoked", HELLO.uri());
    }

    @Test
    void refusesWhatWasRevokedWhileHandsWereShaken() throws IOException {
        WorkloadCertificate stolen = stage.authority.issue(HELLO);
        SSLContext context = Tls.context(Optional.of(stolen), () -> revoke(one(stolen)));
        try (SSLSocket socket = Tls.connect(context, "127.1.7.2", inbound, "")) {
            assertThat(new Client(socket).closed()).isTrue();
        }
        assertThat(stage.outcomes.nextRefused().detail()).contains("was revoked", HELLO.uri());
    }

    @Test
    void letsThroughAgainWhatIsNoLongerListed() throws IOException {
        WorkloadCertificate certificate = stage.authority.issue(HELLO);
        revoke(one(certificate));
        refused(certificate);
        revoke();
        assertThat(asks(certificate, "/").read().status()).isEqualTo(200);
    }

    @Test
    void goesToNobodyWhoseCertificateWasRevoked() throws Exception {
        WorkloadCertificate own = stage.authority.issue(HELLO);
        WorkloadCertificate stolen =
                stage.authority.issue(Scene.workload("quote").identity());
        TrustedPeers trusted = new TrustedPeers(stage.authority.anchors(), Set.of(serial(stolen)), Map.of());
        ClientTls tls = ClientTls.mesh(new Credentials(own.chain(), own.privateKey(), trusted));
        CompletableFuture<Closure> closed = new CompletableFuture<>();
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"));
                Transport transport = new Transport(1)) {
            Destination there = new Destination(
                    "127.0.0.1",
                    server.getLocalPort(),
                    Optional.of(tls),
                    stolen.identity().uri());
            transport.loops().getFirst().execute(() -> {
                long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
                var _ = transport.loops().getFirst().connect(there, new Closing(closed), deadline);
            });
            try (Socket begun = server.accept()) {
                Thread.ofVirtual().start(() -> Tls.answer(Tls.context(Optional.of(stolen)), begun));
                Closure closure = closed.get(60, TimeUnit.SECONDS);
                assertThat(closure.kind()).isEqualTo(Closure.Kind.TLS);
                assertThat(closure.detail())
                        .contains("was revoked", stolen.identity().uri());
            }
        }
    }

    private record Closing(CompletableFuture<Closure> closed) implements ConnectionHandler {

        @Override
        public void opened(Connection connection) {}

        @Override
        public void closed(Closure closure) {
            closed.complete(closure);
        }
    }
}
