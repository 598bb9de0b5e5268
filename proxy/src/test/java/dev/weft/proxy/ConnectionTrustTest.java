package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.http.transport.ClientTls;
import dev.weft.http.transport.Closure;
import dev.weft.http.transport.Connection;
import dev.weft.http.transport.ConnectionHandler;
import dev.weft.http.transport.Credentials;
import dev.weft.http.transport.Destination;
import dev.weft.http.transport.Transport;
import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.outcome.RefusedConnection;
import dev.weft.model.workload.WorkloadCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A connection of the mesh lasts no longer than what vouches for whoever made it. */
class ConnectionTrustTest {

    private final Stage stage = new Stage();
    private final int inbound = Ports.free();
    private final Transport transport = new Transport(1);

    @BeforeEach
    void open() {
        stage.scene
                .pod("hello", "127.1.0.1", Ports.free(), Ports.free(), 1)
                .pod("quote", "127.1.0.2", Ports.free(), inbound, 1);
        stage.show();
        assertThat(stage.proxy.problems()).isEmpty();
    }

    @AfterEach
    void close() throws IOException {
        stage.close();
        transport.close();
    }

    @Test
    void refusesWhomTheRemovedAnchorVouchedForAtOnce() throws Exception {
        WorkloadCertificate old = stage.authority.issue(Scene.workload("hello").identity());
        Peer before = connect(old, stage.authority.anchors());
        assertThat(before.open.get(60, TimeUnit.SECONDS)).isTrue();
        stage.authority.trustNext();
        stage.authority.issueByNext();
        stage.show(); // behind the change, on the proxy's own thread
        Peer between = connect(old, stage.authority.anchors());
        assertThat(between.open.get(60, TimeUnit.SECONDS)).isTrue();
        assertThat(between.closed).isNotDone();
        List<X509Certificate> both = stage.authority.anchors();
        stage.authority.dropOld();
        stage.show(); // behind the change, on the proxy's own thread
        before.closed.get(60, TimeUnit.SECONDS);
        between.closed.get(60, TimeUnit.SECONDS);
        Closure refused = connect(old, both).closed.get(60, TimeUnit.SECONDS);
        assertThat(refused.kind()).isEqualTo(Closure.Kind.TLS);
    }

    @Test
    void refusesWhomTheAnchorVouchedForThatWasRemovedWhileHandsWereShaken() throws Exception {
        WorkloadCertificate old = stage.authority.issue(Scene.workload("hello").identity());
        stage.authority.trustNext();
        stage.authority.issueByNext();
        stage.show();
        Runnable removal = () -> {
            stage.authority.dropOld();
            stage.show();
        };
        SSLContext context = Tls.context(Optional.of(old), removal);
        try (SSLSocket socket = Tls.connect(context, "127.1.0.2", inbound, "")) {
            assertThat(new Client(socket).closed()).isTrue();
        }
        RefusedConnection refusal = stage.outcomes.nextRefused();
        assertThat(refusal.error()).isEqualTo(ErrorCode.CALLER_UNPROVEN);
        assertThat(refusal.detail())
                .contains("the trust anchor behind spiffe://")
                .contains("was removed");
    }

    @Test
    void goesToNobodyWhomTheAnchorVouchedForThatWasRemovedWhileHandsWereShaken() throws Exception {
        WorkloadCertificate own = stage.authority.issue(Scene.workload("hello").identity());
        WorkloadCertificate old = stage.authority.issue(Scene.workload("quote").identity());
        ClientTls tls = ClientTls.mesh(credentials(own));
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            Peer peer = connect(tls, "127.0.0.1", server.getLocalPort());
            try (Socket begun = server.accept()) {
                stage.authority.trustNext();
                stage.authority.issueByNext();
                stage.authority.dropOld();
                tls.replace(credentials(stage.authority.issue(own.identity())));
                Thread.ofVirtual().start(() -> Tls.answer(Tls.context(Optional.of(old)), begun));
                assertThat(peer.closed.get(60, TimeUnit.SECONDS).detail())
                        .startsWith("the trust anchor behind spiffe://")
                        .endsWith("was removed");
                assertThat(peer.open).isCompletedWithValue(false);
            }
        }
    }

    @Test
    void letsGoOfWhomeversCertificateEnds() throws Exception {
        WorkloadCertificate brief;
        Peer peer;
        Duration life = Duration.ofSeconds(3);
        do { // until it lasts for as long as shaking hands takes
            brief = stage.authority.issue(Scene.workload("hello").identity(), life);
            peer = connect(brief, stage.authority.anchors());
            life = life.multipliedBy(2);
        } while (!peer.open.get(60, TimeUnit.SECONDS) && life.toSeconds() < 60);
        assertThat(peer.open).isCompletedWithValue(true);
        peer.closed.get(60, TimeUnit.SECONDS);
        assertThat(connect(brief, stage.authority.anchors())
                        .closed
                        .get(60, TimeUnit.SECONDS)
                        .kind())
                .isEqualTo(Closure.Kind.TLS);
    }

    /** A program of the mesh without a proxy of ours. */
    private static final class Peer implements ConnectionHandler {
        private final CompletableFuture<Boolean> open = new CompletableFuture<>();
        private final CompletableFuture<Closure> closed = new CompletableFuture<>();

        @Override
        public void opened(Connection opened) {
            opened.reading(true);
            open.complete(true);
        }

        @Override
        public void closed(Closure closure) {
            open.complete(false);
            closed.complete(closure);
        }
    }

    private Credentials credentials(WorkloadCertificate of) {
        return new Credentials(of.chain(), of.privateKey(), stage.authority.anchors());
    }

    private Peer connect(WorkloadCertificate as, List<X509Certificate> anchors) {
        return connect(ClientTls.mesh(new Credentials(as.chain(), as.privateKey(), anchors)), "127.1.0.2", inbound);
    }

    private Peer connect(ClientTls tls, String address, int port) {
        Peer peer = new Peer();
        String expected = Scene.workload("quote").identity().uri();
        Destination there = new Destination(address, port, Optional.of(tls), expected);
        transport.loops().getFirst().execute(() -> {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
            var _ = transport.loops().getFirst().connect(there, peer, deadline);
        });
        return peer;
    }
}
