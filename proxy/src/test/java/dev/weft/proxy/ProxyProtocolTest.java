package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.outcome.Hop;
import dev.weft.model.outcome.RefusedConnection;
import dev.weft.model.policy.AddressRange;
import dev.weft.model.policy.ClientLimits;
import dev.weft.model.traffic.EdgeListener;
import dev.weft.model.traffic.EdgeRules;
import dev.weft.model.traffic.ServerCertificate;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A load balancer that says who its client is, and whoever may not say that. */
class ProxyProtocolTest {

    private static final String LINE = "PROXY TCP4 192.0.2.7 198.51.100.2 56324 443|";
    private static final String GET = "GET / HTTP/1.1|Host: shop.test||";

    private final Stage stage = new Stage();
    private final int port = Ports.free();
    private Upstream shop;

    @BeforeEach
    void openShop() throws IOException {
        shop = stage.answering("HTTP/1.1 200 OK|Content-Length: 5||hello");
        stage.scene.host("shop.test", "shop").group("shop", Scene.plain(shop.port()));
    }

    @AfterEach
    void close() throws IOException {
        stage.close();
    }

    private void listen(List<AddressRange> announcers, ServerCertificate... certificates) {
        stage.scene.edge(new EdgeListener(
                "edge",
                Scene.SOURCE,
                "127.0.0.1",
                port,
                certificates.length > 0,
                List.of(certificates),
                List.of(),
                true,
                0,
                0,
                announcers));
        stage.show();
    }

    private static List<AddressRange> loopback() {
        return List.of(AddressRange.parse("10.0.0.0/8"), AddressRange.parse("127.0.0.0/8"));
    }

    private String shown() {
        return shop.heads().getFirst().toLowerCase(Locale.ROOT);
    }

    @Test
    void whatItSaysIsTheClient() throws IOException {
        listen(loopback());
        assertThat(stage.client(port).send(LINE + GET).read().status()).isEqualTo(200);
        assertThat(shown()).contains("|x-forwarded-for: 192.0.2.7|");
        assertThat(stage.outcomes.next(Hop.EDGE).client().address()).isEqualTo("192.0.2.7:56324");
    }

    @Test
    void theHeaderMayComeInPieces() throws IOException {
        listen(loopback());
        Client client = stage.client(port);
        for (char each : (LINE + "GET / HT").toCharArray()) {
            client.send(String.valueOf(each));
        }
        assertThat(client.send("TP/1.1|Host: shop.test||").read().status()).isEqualTo(200);
        assertThat(shown()).contains("|x-forwarded-for: 192.0.2.7|");
    }

    @Test
    void aBalancerThatSpeaksForItselfIsTheClient() throws IOException {
        listen(loopback());
        assertThat(stage.client(port).send("PROXY UNKNOWN|" + GET).read().status())
                .isEqualTo(200);
        assertThat(shown()).contains("|x-forwarded-for: 127.0.0.1|");
    }

    @Test
    void theHeaderComesBeforeTls() throws IOException {
        listen(loopback(), stage.authority.forHost("shop.test"));
        Socket socket = stage.closing(new Socket(InetAddress.ofLiteral("127.0.0.1"), port));
        socket.getOutputStream().write(LINE.replace("|", "\r\n").getBytes(StandardCharsets.US_ASCII));
        SSLSocket secured = (SSLSocket)
                Tls.context(Optional.empty()).getSocketFactory().createSocket(socket, "shop.test", port, true);
        assertThat(new Client(secured).send(GET).read().status()).isEqualTo(200);
        assertThat(shown()).contains("|x-forwarded-for: 192.0.2.7|x-forwarded-proto: https|");
    }

    @Test
    void theHandshakeMayComeWithTheHeader() throws IOException {
        listen(loopback(), stage.authority.forHost("shop.test"));
        Socket socket = stage.closing(new Announcing(port));
        SSLSocket secured = (SSLSocket)
                Tls.context(Optional.empty()).getSocketFactory().createSocket(socket, "shop.test", port, true);
        assertThat(new Client(secured).send(GET).read().status()).isEqualTo(200);
        assertThat(shown()).contains("|x-forwarded-for: 192.0.2.7|x-forwarded-proto: https|");
    }

    private void expectRefusal(String detail) {
        RefusedConnection refusal = stage.outcomes.nextRefused();
        assertThat(refusal.error()).isEqualTo(ErrorCode.PROXY_HEADER_REFUSED);
        assertThat(refusal.detail()).contains(detail);
        assertThat(shop.connections()).isZero();
    }

    @Test
    void aClientThatDoesNotSayItIsRefused() throws IOException {
        listen(loopback());
        assertThat(stage.client(port).send(GET).closed()).isTrue();
        expectRefusal("begins with no PROXY header");
    }

    @Test
    void whoeverMayNotSayItIsRefusedUnheard() throws IOException {
        listen(List.of(AddressRange.parse("10.0.0.0/8"), AddressRange.parse("fd00::/8")));
        assertThat(stage.client(port).send(LINE + GET).closed()).isTrue();
        expectRefusal("none of those who may say");
    }

    @Test
    void aHeaderThatDoesNotComeInTimeIsRefused() throws IOException {
        Duration brief = Duration.ofMillis(200);
        stage.scene.rules(EdgeRules.DEFAULT.with(
                ClientLimits.DEFAULT.with(ClientLimits.Patience.DEFAULT.with(brief, brief, brief))));
        listen(loopback());
        assertThat(stage.client(port).send("PROXY TCP4 192").closed()).isTrue();
        expectRefusal("not whole in time");
    }

    @Test
    void withoutItInTheConfigurationALineIsABadRequest() throws IOException {
        listen(List.of());
        assertThat(stage.client(port).send(LINE + GET).read().status()).isEqualTo(400);
    }

    @Test
    void oneAddressMayHaveItsNumberOfConnectionsHoweverItComes() throws IOException {
        stage.scene.rules(EdgeRules.DEFAULT.with(ClientLimits.DEFAULT.with(new ClientLimits.Connections(100, 100, 2))));
        listen(loopback());
        for (int i = 0; i < 2; i++) {
            assertThat(stage.client(port).send(LINE + GET).read().status()).isEqualTo(200);
        }
        assertThat(stage.client(port).send(LINE + GET).closed()).isTrue();
        assertThat(stage.outcomes.nextRefused().detail()).contains("2 clients are connected from 192.0.2.7");
        String other = LINE.replace("192.0.2.7", "192.0.2.8");
        assertThat(stage.client(port).send(other + GET).read().status()).isEqualTo(200);
    }

    /** Sends the header and what its user writes first as one. */
    private static final class Announcing extends Socket {

        private boolean announced;

        Announcing(int port) throws IOException {
            super(InetAddress.ofLiteral("127.0.0.1"), port);
        }

        @Override
        public OutputStream getOutputStream() throws IOException {
            OutputStream plain = super.getOutputStream();
            return new OutputStream() {
                @Override
                public void write(int one) throws IOException {
                    write(new byte[] {(byte) one}, 0, 1);
                }

                @Override
                public void write(byte[] bytes, int from, int length) throws IOException {
                    ByteArrayOutputStream whole = new ByteArrayOutputStream();
                    if (!announced) {
                        whole.writeBytes(LINE.replace("|", "\r\n").getBytes(StandardCharsets.US_ASCII));
                        announced = true;
                    }
                    whole.write(bytes, from, length);
                    plain.write(whole.toByteArray());
                }
            };
        }
    }
}
