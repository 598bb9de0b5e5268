package dev.weft.http.h2;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SessionTest {

    private final Pair pair = new Pair();

    @Test
    void carriesARequestAndItsAnswer() {
        int stream = pair.open("GET /a?b HTTP/1.1|Host: shop|Accept: text/plain|Connection: close||", true);
        pair.exchange();
        assertThat(pair.atServer.heard())
                .containsExactly("1 head GET /a?b HTTP/1.1|host: shop|accept: text/plain|| end");

        pair.answer(stream, "HTTP/1.1 200 OK|Content-Type: text/plain|Transfer-Encoding: chunked||", false);
        Pair.data(pair.server, stream, "hello", true);
        pair.exchange();
        assertThat(pair.atClient.heard())
                .containsExactly("1 head HTTP/1.1 200 |content-type: text/plain||", "1 data hello end");
        assertThat(pair.client.openStreams()).isZero();
        assertThat(pair.server.openStreams()).isZero();
    }

    @Test
    void carriesBodiesAndTrailersBothWays() {
        int stream = pair.open("POST /x HTTP/1.1|host: shop|te: trailers||", false);
        Pair.data(pair.client, stream, "ping", false);
        Pair.trailers(pair.client, stream, "a: 1|b: 2|");
        pair.exchange();
        assertThat(pair.atServer.heard())
                .containsExactly(
                        "1 head POST /x HTTP/1.1|host: shop|te: trailers||", "1 data ping", "1 trailers a: 1|b: 2|");
        pair.answer(stream, "HTTP/1.1 200 ||", false);
        Pair.trailers(pair.server, stream, "grpc-status: 0||");
        pair.exchange();
        assertThat(pair.atClient.heard()).containsExactly("1 head HTTP/1.1 200 ||", "1 trailers grpc-status: 0|");
    }

    @Test
    void tellsInterimHeadsBeforeTheFinalOne() {
        int stream = pair.open("POST / HTTP/1.1|host: a|expect: 100-continue||", false);
        pair.exchange();
        pair.answer(stream, "HTTP/1.1 100 Continue||", false);
        pair.answer(stream, "HTTP/1.1 103 Early Hints|link: </x>||", false);
        pair.answer(stream, "HTTP/1.1 204 ||", true);
        pair.exchange();
        assertThat(pair.atClient.heard())
                .containsExactly(
                        "1 head HTTP/1.1 100 ||", "1 head HTTP/1.1 103 |link: </x>||", "1 head HTTP/1.1 204 || end");
    }

    @Test
    void upgradesAStream() {
        int stream = pair.open(
                "GET /chat HTTP/1.1|host: a|connection: upgrade|upgrade: websocket|sec-websocket-version: 13||", false);
        pair.exchange();
        assertThat(pair.atServer.heard())
                .containsExactly(
                        "1 head GET /chat HTTP/1.1|host: a|sec-websocket-version: 13|connection: upgrade|upgrade: websocket||");
        pair.answer(stream, "HTTP/1.1 101 Switching Protocols|connection: upgrade|upgrade: websocket||", false);
        Pair.data(pair.server, stream, "frames", false);
        pair.exchange();
        assertThat(pair.atClient.heard())
                .containsExactly("1 head HTTP/1.1 101 |connection: upgrade|upgrade: websocket||", "1 data frames");
    }

    @Test
    void carriesConnect() {
        pair.open("CONNECT db:5432 HTTP/1.1|host: db:5432||", false);
        pair.exchange();
        assertThat(pair.atServer.heard()).containsExactly("1 head CONNECT db:5432 HTTP/1.1|host: db:5432||");
    }

    @Test
    void indexesWhatComesAgain() {
        int lengthOfFirst = 0;
        int length = 0;
        for (int i = 0; i < 4; i++) {
            pair.open("GET /items/17 HTTP/1.1|host: shop.example|user-agent: probe/1.0|x-tenant: blue||", true);
            byte[] sent = pair.atClient.take();
            length = sent.length;
            lengthOfFirst = i == 0 ? length : lengthOfFirst;
            pair.server.receive(sent, 0, sent.length, pair.now);
        }
        assertThat(lengthOfFirst).isGreaterThan(60);
        assertThat(length).isEqualTo(9 + 6);
        assertThat(pair.atServer.heard().getLast())
                .isEqualTo(
                        "7 head GET /items/17 HTTP/1.1|host: shop.example|user-agent: probe/1.0|x-tenant: blue|| end");
    }

    @Test
    void queuesWhatTheWindowDoesNotAllowAndGoesOnWhenItOpens() {
        int stream = pair.open("GET / HTTP/1.1|host: a||", true);
        pair.exchange();
        pair.atClient.consumes = false;
        pair.answer(stream, "HTTP/1.1 200 ||", false);
        Pair.data(pair.server, stream, "x".repeat(200_000), false);
        pair.exchange();
        assertThat(pair.server.writable(stream)).isFalse();
        assertThat(pair.atClient.heard().getLast()).hasSize("1 data ".length() + 64 * 1024);
        for (int i = 0; i < 4; i++) {
            pair.client.consumed(stream, 64 * 1024);
            pair.exchange();
        }
        assertThat(pair.server.writable(stream)).isTrue();
        Pair.data(pair.server, stream, "y", true);
        pair.exchange();
        assertThat(pair.atServer.heard()).contains("1 writable");
        assertThat(pair.atClient.heard().getLast()).endsWith("xy end");
    }

    @Test
    void leavesInTwoSteps() {
        int stream = pair.open("GET / HTTP/1.1|host: a||", true);
        pair.exchange();
        pair.server.goAway(pair.now);
        pair.exchange();
        assertThat(pair.atClient.heard()).containsExactly("go away 2147483647 NO_ERROR", "go away 1 NO_ERROR");
        assertThat(pair.open("GET / HTTP/1.1|host: a||", true)).isEqualTo(Session.LEAVING);
        assertThat(pair.server.done()).isFalse();
        pair.answer(stream, "HTTP/1.1 204 ||", true);
        assertThat(pair.server.done()).isTrue();
    }

    @Test
    void resetsWhatNobodyWantsOnceItsAnswerHasLeft() {
        int stream = pair.open("POST / HTTP/1.1|host: a||", false);
        pair.exchange();
        pair.atClient.consumes = false;
        pair.server.unwanted(stream);
        pair.answer(stream, "HTTP/1.1 200 ||", false);
        Pair.data(pair.server, stream, "x".repeat(100_000), true);
        pair.exchange();
        assertThat(pair.server.finish(stream)).isFalse();
        pair.client.consumed(stream, 64 * 1024);
        pair.exchange();
        assertThat(pair.server.finish(stream)).isTrue();
        pair.exchange();
        assertThat(pair.atClient.heard().getLast()).isEqualTo("1 reset NO_ERROR");
        assertThat(pair.server.openStreams()).isZero();
    }

    @Test
    void opensTheConnectionsWindowAloneForWhatNobodyWants() {
        int unwanted = pair.open("POST / HTTP/1.1|host: a||", false);
        pair.exchange();
        pair.server.unwanted(unwanted);
        Pair.data(pair.client, unwanted, "x".repeat(200_000), false);
        pair.exchange();
        assertThat(pair.client.writable(unwanted)).isFalse();
        int wanted = pair.open("POST / HTTP/1.1|host: a||", false);
        Pair.data(pair.client, wanted, "x".repeat(200_000), true);
        pair.exchange();
        assertThat(pair.atServer.heard().getLast()).endsWith("x end");
    }
}
