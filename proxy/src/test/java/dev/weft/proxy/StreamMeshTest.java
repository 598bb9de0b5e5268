package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.outcome.Hop;
import dev.weft.model.outcome.Outcome;
import dev.weft.model.traffic.AccessPolicy;
import dev.weft.model.traffic.DeclaredProtocol;
import dev.weft.model.traffic.Endpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** HTTP/2 from one workload to another: outbound, mutual TLS, inbound. */
class StreamMeshTest {

    private static final String CALL =
            "POST /pkg.Service/Method HTTP/1.1|host: quote|content-type: application/grpc|te: trailers||";

    private final Stage stage = new Stage();
    private final int outbound = Ports.free();
    private final int inbound = Ports.free();

    @AfterEach
    void close() throws IOException {
        stage.close();
    }

    private void pods(int programPort) {
        Endpoint quote =
                new Endpoint("127.1.0.2", inbound, Optional.of(Scene.workload("quote")), Endpoint.Transport.MESH);
        stage.scene
                .pod("hello", "127.1.0.1", outbound, Ports.free(), 1)
                .pod("quote", "127.1.0.2", Ports.free(), inbound, programPort)
                .group("quote", quote);
    }

    private StreamClient hello() throws IOException {
        return stage.closing(new StreamClient(
                new Socket(InetAddress.ofLiteral("127.1.0.1"), outbound),
                dev.weft.http.h2.SessionOptions.DEFAULT.scheme("http")));
    }

    @Test
    void goesOnAsStreamsToAProgramThatIsCalledByGrpc() throws IOException {
        StreamUpstream program = stage.closing(new StreamUpstream((peer, stream, _, _) -> {
            peer.head(stream, "HTTP/1.1 200 OK|content-type: application/grpc||");
            peer.data(stream, "words", false);
            peer.trailers(stream, "grpc-status: 5|grpc-message: none|");
        }));
        pods(program.port());
        stage.show();
        StreamClient client = hello();
        StreamClient.Answer answer = client.read(client.open(CALL, true));
        assertThat(answer.body).isEqualTo("words");
        assertThat(answer.trailers).isEqualTo("grpc-status: 5|grpc-message: none|");
        assertThat(program.heads.getFirst())
                .contains("te: trailers|", "l5d-client-id: spiffe://cluster.local/ns/default/sa/hello|");
        Outcome out = stage.outcomes.next(Hop.OUTBOUND);
        assertThat(out.details().grpcStatus()).isEqualTo(5);
        assertThat(out.success()).isTrue();
        assertThat(out.server().orElseThrow().identity())
                .contains(Scene.workload("quote").identity());
    }

    @Test
    void carriesTheMostThatTheFirstHopTakes() throws IOException {
        pods(stage.answering("HTTP/1.1 200 OK|Content-Length: 5||hello").port());
        stage.show();
        StreamClient client = hello();
        int most = 0;
        int status = 200;
        while (status == 200 && most < 400) {
            most++;
            status = client.read(client.open("GET / HTTP/1.1|host: quote|" + "x: y|".repeat(most) + "|", true))
                    .status();
        }
        assertThat(status).isEqualTo(431);
        assertThat(stage.outcomes.all())
                .filteredOn(outcome -> outcome.hop() == Hop.INBOUND)
                .allSatisfy(outcome -> assertThat(outcome.error()).isEmpty())
                .hasSize(most - 1);
    }

    @Test
    void goesOnAsHttp1ToAnyOtherProgram() throws IOException {
        Upstream program = stage.answering("HTTP/1.1 200 OK|Content-Length: 5||hello");
        pods(program.port());
        stage.show();
        StreamClient client = hello();
        for (int i = 0; i < 20; i++) {
            assertThat(client.read(client.get("quote", "/")).body).isEqualTo("hello");
        }
    }

    @Test
    void reachesAProgramDeclaredToSpeakHttp2FromHttp1() throws IOException {
        StreamUpstream program = stage.closing(new StreamUpstream(new StreamUpstream.Script() {
            @Override
            public void head(StreamUpstream.Peer peer, int stream, String head, boolean end) {
                if (end) {
                    peer.answer(stream, "HTTP/1.1 200 OK||", "no body");
                }
            }

            @Override
            public void data(StreamUpstream.Peer peer, int stream, String data, boolean end) {
                if (end) {
                    peer.head(stream, "HTTP/1.1 200 OK||");
                    peer.data(stream, "got " + data, false);
                    peer.trailers(stream, "x-sum: 1|");
                }
            }
        }));
        pods(program.port());
        stage.scene.speaks("quote", DeclaredProtocol.Kind.HTTP2, Duration.ofHours(1));
        stage.show();
        Client client = stage.client("127.1.0.1", outbound);
        assertThat(client.send("GET http://quote/ HTTP/1.1|Host: quote||")
                        .read()
                        .body())
                .isEqualTo("no body");
        assertThat(client.send("POST http://quote/ HTTP/1.1|Host: quote|Content-Length: 3||abc")
                        .read()
                        .body())
                .isEqualTo("got abc");
        Client.Answer chunked = client.send(
                        "POST http://quote/ HTTP/1.1|Host: quote|Transfer-Encoding: chunked||3|abc|0||")
                .read();
        assertThat(chunked.has("transfer-encoding: chunked")).isTrue();
    }

    @Test
    void answersACallThatIsNotAllowedInGrpcsWords() throws IOException {
        StreamUpstream program = stage.closing(new StreamUpstream((_, _, _, _) -> {}));
        pods(program.port());
        stage.scene.access("quote", new AccessPolicy(List.of(), AccessPolicy.Unmatched.DENY, "it is so"));
        stage.show();
        StreamClient client = hello();
        StreamClient.Answer answer = client.read(client.open(CALL, true));
        assertThat(answer.head)
                .startsWith("HTTP/1.1 200 |content-type: application/grpc|grpc-status: 7|grpc-message: ")
                .contains("|weft-error: access-denied|");
        Outcome in = stage.outcomes.next(Hop.INBOUND);
        assertThat(in.error()).contains(ErrorCode.ACCESS_DENIED);
        assertThat(in.success()).isFalse();
        assertThat(stage.outcomes.next(Hop.OUTBOUND).details().grpcStatus()).isEqualTo(7);
    }

    @Test
    void saysUnavailableWhenNobodyListens() throws IOException {
        pods(Ports.free());
        stage.show();
        StreamClient client = hello();
        StreamClient.Answer answer = client.read(client.open(CALL, true));
        assertThat(answer.head).contains("|grpc-status: 14|", "|weft-error: connect-failed|");
    }

    @Test
    void cancelsACallWhenTheCallersTimeIsUpAsGrpcsServersDo() throws IOException {
        StreamUpstream program = stage.closing(new StreamUpstream((_, _, _, _) -> {}));
        pods(program.port());
        stage.show();
        StreamClient client = hello();
        String head = CALL.replace("|te: trailers|", "|te: trailers|grpc-timeout: 2S|");
        assertThat(client.readReset(client.open(head, true)).reset).isEqualTo("CANCEL");
        assertThat(program.heads.getFirst()).containsPattern("grpc-timeout: [0-9]{1,7}u\\|");
        Stage.await(() -> !program.resets.isEmpty());
        Outcome outbound = stage.outcomes.next(Hop.OUTBOUND); // both proxies' timers end it
        assertThat(outbound.error()).contains(ErrorCode.DEADLINE_EXCEEDED);
        assertThat(outbound.details().grpcStatus()).isEqualTo(4);
    }
}
