package dev.weft.cli.platform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.cli.snapshot.CertificateHandler;
import dev.weft.cli.snapshot.SnapshotHandler;
import dev.weft.control.identity.IdentityAuthority;
import dev.weft.model.traffic.Snapshot;
import dev.weft.model.traffic.Snapshots;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Server;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.JsonNodeFactory;

/** What the platform answers beside the resources is asked by the methods that it has, and by no other. */
class MethodsTest {

    private final Handler question = new JsonHandler(
            "/asked",
            List.of("GET", "PUT"),
            (method, rest) -> JsonNodeFactory.instance.objectNode().put("by", method));

    @ParameterizedTest
    @ValueSource(strings = {"GET", "PUT"})
    void aQuestionIsAnswered(String method) throws Exception {
        assertThat(ask(question, method).body()).contains(method);
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PATCH", "DELETE"})
    void aQuestionIsRefused(String method) throws Exception {
        HttpResponse<String> refused = ask(question, method);

        assertThat(refused.statusCode()).isEqualTo(405);
        assertThat(refused.headers().firstValue("Allow")).contains("GET, PUT");
        assertThat(refused.body()).contains("only GET, PUT is answered here");
    }

    @Test
    void snapshotsAreNotFollowedByDeletingThem() throws Exception {
        HttpResponse<String> refused = ask(new SnapshotHandler(new Still()), "DELETE");

        assertThat(refused.statusCode()).isEqualTo(405);
        assertThat(refused.headers().firstValue("Allow")).contains("GET, POST");
    }

    @Test
    void certificatesAreNeitherPutNorDeleted(@TempDir Path folder) throws Exception {
        try (IdentityAuthority authority =
                IdentityAuthority.open(folder, Clock.systemUTC(), IdentityAuthority.LEAF_VALIDITY)) {
            Handler handler = new CertificateHandler(authority::sign, authority, Set.of(), Optional::empty);

            HttpResponse<String> refused = ask(handler, "PUT");

            assertThat(refused.statusCode()).isEqualTo(405);
            assertThat(refused.headers().firstValue("Allow")).contains("GET, POST");
        }
    }

    /** Snapshots that never change. */
    private static final class Still implements Snapshots {

        @Override
        public Snapshot current() {
            return Snapshot.EMPTY;
        }

        @Override
        public void onChange(Consumer<Snapshot> listener) {
            listener.accept(current());
        }
    }

    private static HttpResponse<String> ask(Handler handler, String method) throws Exception {
        Server server = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        server.setHandler(handler);
        server.start();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(server.getURI().resolve("/asked"))
                    .timeout(Duration.ofSeconds(60))
                    .method(method, BodyPublishers.noBody())
                    .build();
            return client.send(request, BodyHandlers.ofString());
        } finally {
            server.stop();
        }
    }
}
