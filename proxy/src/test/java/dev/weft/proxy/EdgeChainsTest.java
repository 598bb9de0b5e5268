package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.traffic.ServerCertificate;
import dev.weft.model.traffic.TlsPolicy;
import dev.weft.model.traffic.TlsPolicy.Clients;
import dev.weft.model.traffic.TlsPolicy.Version;
import dev.weft.model.workload.WorkloadCertificate;
import dev.weft.model.workload.WorkloadIdentity;
import java.io.IOException;
import java.net.SocketException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How a client's certificate may lead to one that its host trusts. */
class EdgeChainsTest {

    private static final WorkloadIdentity ANNE = new WorkloadIdentity(WorkloadIdentity.TRUST_DOMAIN, "default", "anne");

    private final Stage stage = new Stage();
    private final int port = Ports.free();

    @BeforeEach
    void open() throws IOException {
        Upstream program = stage.answering("HTTP/1.1 200 OK|Content-Length: 5||hello");
        stage.scene.host("secure.test", "quote").group("quote", Scene.plain(program.port()));
    }

    @AfterEach
    void close() throws IOException {
        stage.close();
    }

    private void trust(Authority authority, String revoked) throws GeneralSecurityException {
        TlsPolicy policy = new TlsPolicy(
                Clients.REQUIRED,
                authority.pem(),
                revoked,
                Version.TLS_1_2,
                Version.TLS_1_2, // where the handshake's end says it all
                List.of(),
                List.of());
        ServerCertificate own = stage.authority.forHost("secure.test");
        stage.scene.edge(port, new ServerCertificate("*", own.chainPem(), own.privateKeyPem(), policy));
        stage.show();
        assertThat(stage.proxy.problems()).isEmpty();
    }

    private boolean letsIn(WorkloadCertificate shown) throws IOException {
        try (SSLSocket socket = Tls.connect(Tls.context(Optional.of(shown)), "127.0.0.1", port, "")) {
            return new Client(socket)
                            .send("GET / HTTP/1.1|Host: secure.test||")
                            .read()
                            .status()
                    == 200;
        } catch (SSLException | SocketException _) {
            assertThat(stage.outcomes.nextRefused().error()).isEqualTo(ErrorCode.HANDSHAKE_FAILED);
            return false;
        }
    }

    @Test
    void aPinnedCertificateIsGoodForItsTime() throws Exception {
        Authority pinned = new Authority("pinned");
        trust(pinned, "");
        assertThat(letsIn(pinned.asClient(ANNE))).isTrue();
        Authority ended = Authority.lasting("ended", Duration.ofSeconds(-30));
        trust(ended, "");
        assertThat(letsIn(ended.asClient(ANNE))).isFalse();
    }

    @Test
    void aPinnedCertificateIsGoodUntilItIsTakenBack() throws Exception {
        Authority pinned = new Authority("pinned");
        WorkloadCertificate shown = pinned.asClient(ANNE);
        trust(pinned, pinned.revoking());
        assertThat(letsIn(shown)).isTrue();
        trust(pinned, pinned.revoking(shown.chain().getFirst()));
        assertThat(letsIn(shown)).isFalse();
        trust(pinned, new Authority("strangers").revoking()); // covers nobody
        assertThat(letsIn(shown)).isFalse();
    }

    @Test
    void aChainMayGoOnBehindTheOneThatIsTrusted() throws Exception {
        Authority root = new Authority("root of clients");
        Authority intermediate = root.intermediate("intermediate");
        WorkloadCertificate leaf = intermediate.issue(ANNE);
        trust(intermediate, "");
        assertThat(letsIn(leaf)).isTrue();
        assertThat(letsIn(with(leaf, intermediate, root))).isTrue();
        trust(intermediate, intermediate.revoking(leaf.chain().getFirst()));
        assertThat(letsIn(with(leaf, intermediate, root))).isFalse();
        trust(root, "");
        assertThat(letsIn(with(leaf, intermediate))).isTrue();
        assertThat(letsIn(leaf)).as("without what leads to the root").isFalse();
    }

    private static WorkloadCertificate with(WorkloadCertificate leaf, Authority... above) {
        List<X509Certificate> chain = Stream.concat(
                        leaf.chain().stream(), Stream.of(above).flatMap(each -> each.anchors().stream()))
                .toList();
        return new WorkloadCertificate(leaf.identity(), chain, leaf.privateKey());
    }
}
