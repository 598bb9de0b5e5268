package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.traffic.Endpoint;
import dev.weft.model.workload.WorkloadCertificate;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A proxy that can be talked into connecting anywhere is an open relay: this one cannot, by no name and no header. */
class OpenRelayTest {

    private final Stage stage = new Stage();
    private final int edge = Ports.free();
    private final int outbound = Ports.free();
    private final int inbound = Ports.free();
    private Upstream program;
    private Upstream victim;

    /** A pod quote that hello and the edge may call, and somebody on this machine whom nobody may reach through Weft. */
    @BeforeEach
    void pods() throws IOException {
        program = stage.answering("HTTP/1.1 200 OK|Content-Length: 5||quote");
        victim = stage.answering("HTTP/1.1 200 OK|Content-Length: 6||secret");
        stage.scene
                .edge(edge)
                .host("shop.test", "quote")
                .host("loop.test", "edge")
                .group("edge", Scene.plain(edge))
                .pod("hello", "127.1.3.1", outbound, Ports.free(), 1)
                .pod("quote", "127.1.3.2", Ports.free(), inbound, program.port())
                .group(
                        "quote",
                        new Endpoint(
                                "127.1.3.2", inbound, Optional.of(Scene.workload("quote")), Endpoint.Transport.MESH));
        stage.show();
        assertThat(stage.proxy.problems()).isEmpty();
    }

    @AfterEach
    void close() throws IOException {
        stage.close();
    }

    @Test
    void theEdgeDoesNotGoRoundForEver() throws IOException {
        Client.Answer answer =
                stage.client(edge).send("GET / HTTP/1.1|Host: loop.test||").read();
        assertThat(answer.status()).isEqualTo(508);
        assertThat(answer.body()).contains("loop-detected");
        StreamClient client = stage.closing(new StreamClient(edge));
        assertThat(client.read(client.get("loop.test", "/")).status()).isEqualTo(508);
    }

    @ParameterizedTest
    @CsvSource({"9,200", "10,508"})
    void aChainOfGatewaysMayBeLong(int passes, int status) throws IOException {
        String before = "weft;at=here, ".repeat(passes - 1) + "other|CDN-Loop: weft, weftless";
        Client.Answer answer = stage.client(edge)
                .send("GET / HTTP/1.1|Host: shop.test|CDN-Loop: " + before + "||")
                .read();
        assertThat(answer.status()).isEqualTo(status);
        assertThat(program.heads())
                .hasSize(status == 200 ? 1 : 0)
                .allSatisfy(head -> assertThat(head.toLowerCase(Locale.ROOT))
                        .contains(("|CDN-Loop: " + before + "|").toLowerCase(Locale.ROOT))
                        .contains("|cdn-loop: weft|"));
    }

    private SSLSocket asHello() throws IOException {
        WorkloadCertificate own = stage.authority.issue(Scene.workload("hello").identity());
        return Tls.connect(Tls.context(Optional.of(own)), "127.1.3.2", inbound, "");
    }

    private String there() {
        return "127.0.0.1:" + victim.port();
    }

    private void refuses(Client client, String words, String code) throws IOException {
        Client.Answer answer = client.send(words.replace("VICTIM", there()).replace("PORT", "" + victim.port()))
                .read();
        assertThat(answer.has("weft-error: " + code)).as(words + " → " + answer).isTrue();
        assertThat(victim.connections()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "GET / HTTP/1.1|Host: VICTIM||,host-unknown",
        "GET / HTTP/1.1|Host: localhost:PORT||,host-unknown",
        "GET / HTTP/1.1|Host: [::1]:PORT||,host-unknown",
        "GET http://VICTIM/ HTTP/1.1|Host: shop.test||,host-unknown",
        "GET http://shop.test@VICTIM/ HTTP/1.1|Host: shop.test||,bad-request",
        "GET / HTTP/1.1|Host: shop.test@VICTIM||,bad-request",
        "GET / HTTP/1.1|Host: shop.test/VICTIM||,bad-request",
        "GET / HTTP/1.1|Host: shop.test|Host: VICTIM||,bad-request",
        "GET @VICTIM/ HTTP/1.1|Host: shop.test||,bad-request",
        "GET / HTTP/1.1|Host: quote.default.svc.cluster.local||,host-unknown",
        "CONNECT VICTIM HTTP/1.1|Host: VICTIM||,protocol-unsupported",
        "CONNECT shop.test:80 HTTP/1.1|Host: shop.test:80||,protocol-unsupported",
        "CONNECT / HTTP/1.1|Host: shop.test||,bad-request",
        "CONNECT http://VICTIM/ HTTP/1.1|Host: shop.test||,bad-request",
        "CONNECT * HTTP/1.1|Host: shop.test||,bad-request",
    })
    void theEdgeLeadsNowhereElse(String words, String code) throws IOException {
        refuses(stage.client(edge), words, code);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1|Host: shop.test|l5d-dst-override: VICTIM|l5d-dst-canonical: VICTIM||",
                "GET / HTTP/1.1|Host: shop.test|x-forwarded-host: VICTIM|x-original-url: http://VICTIM/||",
                "GET / HTTP/1.1|Host: shop.test|x-envoy-original-dst-host: VICTIM|x-host: VICTIM||",
                "GET / HTTP/1.1|Host: shop.test:PORT||",
                "GET //VICTIM/ HTTP/1.1|Host: shop.test||",
                "GET /http://VICTIM/ HTTP/1.1|Host: shop.test||"
            })
    void theEdgeFollowsItsRoutesWhateverHeadersSay(String words) throws IOException {
        Client.Answer answer = stage.client(edge)
                .send(words.replace("VICTIM", there()).replace("PORT", "" + victim.port()))
                .read();
        assertThat(answer.body()).isEqualTo("quote");
        assertThat(victim.connections()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "GET http://VICTIM/ HTTP/1.1|Host: VICTIM||,service-unknown",
        "GET http://localhost:PORT/ HTTP/1.1|Host: localhost||,service-unknown",
        "GET http://evil.test/ HTTP/1.1|Host: quote||,service-unknown",
        "GET http://169.254.169.254/ HTTP/1.1|Host: quote||,service-unknown",
        "GET / HTTP/1.1|Host: VICTIM||,service-unknown",
        "GET http://quote:PORT/ HTTP/1.1|Host: quote||,service-unknown",
        "CONNECT VICTIM HTTP/1.1|Host: VICTIM||,tunnel-refused",
        "CONNECT localhost:PORT HTTP/1.1|Host: quote:80||,tunnel-refused",
        "CONNECT evil.test:443 HTTP/1.1|Host: evil.test:443||,tunnel-refused",
        "CONNECT quote:PORT HTTP/1.1|Host: quote:PORT||,tunnel-refused",
        "CONNECT /a HTTP/1.1|Host: quote||,bad-request",
        "CONNECT quote:80 HTTP/1.0|Host: quote||,bad-request",
    })
    void aPodsWayOutLeadsToServicesAlone(String words, String code) throws IOException {
        refuses(stage.client("127.1.3.1", outbound), words, code);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET http://quote/ HTTP/1.1|Host: VICTIM||",
                "GET http://quote/ HTTP/1.1|Host: quote|l5d-dst-override: VICTIM||",
                "GET http://quote/ HTTP/1.1|Host: quote|Connection: host|x-forwarded-host: VICTIM||"
            })
    void aPodsWayOutFollowsTheNameWhateverHeadersSay(String words) throws IOException {
        Client.Answer answer = stage.client("127.1.3.1", outbound)
                .send(words.replace("VICTIM", there()))
                .read();
        assertThat(answer.body()).isEqualTo("quote");
        assertThat(victim.connections()).isZero();
    }

    /** The other proxy is a workload's, so it may have been replaced by something that says whatever it likes. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1|Host: VICTIM||",
                "GET http://VICTIM/ HTTP/1.1|Host: VICTIM||",
                "GET / HTTP/1.1|Host: quote|l5d-dst-override: VICTIM|weft-endpoint: VICTIM||"
            })
    void anInboundPortLeadsToItsProgramAlone(String words) throws IOException {
        Client client = stage.closing(new Client(asHello()));
        assertThat(client.send(words.replace("VICTIM", there())).read().body()).isEqualTo("quote");
        assertThat(victim.connections()).isZero();
    }

    @Test
    void anInboundPortOpensNoTunnels() throws IOException {
        refuses(stage.closing(new Client(asHello())), "CONNECT VICTIM HTTP/1.1|Host: VICTIM||", "protocol-unsupported");
    }
}
