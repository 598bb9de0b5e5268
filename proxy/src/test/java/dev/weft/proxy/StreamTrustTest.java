package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.outcome.ConnectionOutcome;
import dev.weft.model.outcome.ConnectionOutcome.EndedBy;
import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.outcome.Hop;
import dev.weft.model.traffic.AccessPolicy;
import dev.weft.model.traffic.AccessRule;
import dev.weft.model.traffic.DeclaredProtocol.Kind;
import dev.weft.model.traffic.Endpoint;
import dev.weft.model.traffic.EndpointGroup;
import dev.weft.model.traffic.Match;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A stream is open for no longer than its ends trust each other and policy allows it. */
class StreamTrustTest {

    private final Stage stage = new Stage();
    private final int outbound = Ports.free();
    private final int outlet = Ports.free();
    private final int inbound = Ports.free();

    @BeforeEach
    void pods() throws IOException {
        Upstream echo = stage.upstream((peer, _) -> {
            boolean switched = false;
            while (!switched && peer.read(1).equals("G")) {
                switched = peer.readHead().toLowerCase(Locale.ROOT).contains("upgrade: echo");
                peer.send(
                        switched
                                ? "HTTP/1.1 101 Switching|Connection: upgrade|Upgrade: echo||"
                                : "HTTP/1.1 200 OK|Content-Length: 0||");
            }
            if (!switched) {
                peer.send("x");
            }
            peer.in().transferTo(peer.socket().getOutputStream());
        });
        stage.scene
                .pod("hello", "127.1.6.1", outbound, Ports.free(), 1)
                .pod("quote", "127.1.6.2", Ports.free(), inbound, echo.port())
                .outlet("hello", outlet, "quote")
                .group(
                        "quote",
                        new Endpoint(
                                "127.1.6.2", inbound, Optional.of(Scene.workload("quote")), Endpoint.Transport.MESH))
                .speaks("quote", Kind.OPAQUE, EndpointGroup.STREAM_IDLE);
        stage.show();
        assertThat(stage.proxy.problems()).isEmpty();
    }

    @AfterEach
    void close() throws IOException {
        stage.close();
    }

    private Client stream() throws IOException {
        Client client = stage.client("127.1.6.1", outlet).send("x");
        assertThat(client.read(1)).isEqualTo("x");
        return client;
    }

    private Client upgraded() throws IOException {
        Client client = stage.client("127.1.6.1", outbound)
                .send("GET http://quote/chat HTTP/1.1|Host: quote|Connection: upgrade|Upgrade: echo||");
        assertThat(client.readHead()).startsWith("HTTP/1.1 101 ");
        lives(client);
        return client;
    }

    private static void lives(Client client) throws IOException {
        assertThat(client.send("ping").read(4)).isEqualTo("ping");
    }

    private void endedBecause(ErrorCode error, Hop hop) {
        ConnectionOutcome outcome = stage.outcomes.nextConnection(hop);
        assertThat(outcome.error()).contains(error);
        assertThat(outcome.detail()).isNotEmpty();
    }

    @Test
    void endsWhenTheAnchorBehindItIsRemovedAndNotBefore() throws IOException {
        Client before = stream();
        Client webSocket = upgraded();
        stage.authority.trustNext();
        stage.authority.issueByNext();
        stage.show(); // behind the renewal, on the proxy's own thread
        lives(before);
        Client after = stream();
        stage.authority.dropOld();
        assertThat(before.closed()).isTrue();
        assertThat(webSocket.closed()).isTrue();
        for (int i = 0; i < 2; i++) {
            endedBecause(ErrorCode.TRUST_ENDED, Hop.OUTBOUND);
            endedBecause(ErrorCode.TRUST_ENDED, Hop.INBOUND);
        }
        lives(after);
        lives(stream());
    }

    @Test
    void aWebSocketDoesNotRestOnTheCertificatesOfAnEarlierRequest() throws IOException {
        stage.authority.trustNext();
        stage.authority.issueByNext(Scene.workload("hello").identity());
        stage.show();
        Client request = stage.client("127.1.6.1", outbound).send("GET http://quote/ HTTP/1.1|Host: quote||");
        assertThat(request.read().status()).isEqualTo(200);
        stage.authority.issueByNext(Scene.workload("quote").identity());
        stage.show();
        Client webSocket = upgraded();
        stage.authority.dropOld();
        stage.show();
        lives(webSocket);
        lives(upgraded());
    }

    @Test
    void endsWithTheCertificateOfItsCaller() throws IOException {
        FramedClient brief = opened();
        FramedClient.Frame last = brief.read();
        assertThat(last.type()).isEqualTo(FramedClient.REFUSED);
        assertThat(last.text()).startsWith("trust-ended ");
        endedBecause(ErrorCode.TRUST_ENDED, Hop.INBOUND);
    }

    /** As a caller whose certificate ends in a few seconds, and lasts for as long as opening takes. */
    private FramedClient opened() throws IOException {
        for (int seconds = 3; seconds < 60; seconds *= 2) {
            SSLContext context = Tls.context(Optional.of(
                    stage.authority.issue(Scene.workload("hello").identity(), Duration.ofSeconds(seconds))));
            try {
                FramedClient client = stage.closing(
                        new FramedClient(Tls.connect(context, "127.1.6.2", inbound, FramedClient.PROTOCOL)));
                if (client.read().type() == FramedClient.OPENED) {
                    return client;
                }
            } catch (IOException _) {
                // it was over before hands were shaken
            }
        }
        throw new AssertionError("no certificate lasted for as long as opening a stream takes");
    }

    @Test
    void endsWhenPolicyNoLongerAllowsIt() throws IOException {
        Client stream = stream();
        access(new AccessRule(
                Scene.SOURCE, Set.of(Scene.workload("hello").identity()), List.of(), Optional.of(Set.of(8080))));
        lives(stream);
        access();
        assertThat(stream.closed()).isTrue();
        ConnectionOutcome in = stage.outcomes.nextConnection(Hop.INBOUND);
        assertThat(in.error()).contains(ErrorCode.ACCESS_REVOKED);
        assertThat(in.endedBy()).isEqualTo(EndedBy.PROXY);
        endedBecause(ErrorCode.ACCESS_REVOKED, Hop.OUTBOUND);
    }

    @Test
    void aWebSocketEndsWhenNoRuleNamesItsCallerAnyMore() throws IOException {
        Client webSocket = upgraded();
        access(new AccessRule(Scene.SOURCE, Set.of(Scene.workload("hello").identity()), List.of(Match.EVERYTHING)));
        lives(webSocket);
        access();
        assertThat(webSocket.closed()).isTrue();
        endedBecause(ErrorCode.ACCESS_REVOKED, Hop.INBOUND);
    }

    private void access(AccessRule... rules) {
        stage.scene.access("quote", new AccessPolicy(List.of(rules), AccessPolicy.Unmatched.DENY, "the test"));
        stage.show();
    }
}
