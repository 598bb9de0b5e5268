package dev.weft.http.h2;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages that RFC 9113 section 8 calls malformed end their stream, and no more than that. */
class MalformedTest {

    private final Wire wire = Wire.toServer();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":method=GET;:scheme=http",
                ":method=GET;:path=/",
                ":scheme=http;:path=/",
                ":method=GET;:scheme=http;:path=",
                ":method=GET;:scheme=http;:path=*",
                ":method=GET;:scheme=http;:path=a",
                ":method=GET;:scheme=http;:path=/a b",
                ":method=GET;:scheme=http;:path=/a\u0080",
                ":method=GET;:scheme=http;:path=/;:path=/",
                ":method=G T;:scheme=http;:path=/",
                ":method=;:scheme=http;:path=/",
                ":method=GET;:scheme=http;:path=/;:status=200",
                ":method=GET;:scheme=http;:path=/;:unknown=1",
                ":method=GET;:scheme=http;a=b;:path=/",
                ":method=GET;:scheme=http;:path=/;:protocol=websocket",
                ":method=GET;:scheme=http;:path=/;A=b",
                ":method=GET;:scheme=http;:path=/;a b=c",
                ":method=GET;:scheme=http;:path=/;a\r\nx=c",
                ":method=GET;:scheme=http;:path=/;a=b\r\nx: y",
                ":method=GET;:scheme=http;:path=/;a=b\nx",
                ":method=GET;:scheme=http;:path=/;a=b\u0000",
                ":method=GET;:scheme=http;:path=/;a=0123456\u00017",
                ":method=GET;:scheme=http;:path=/;a= b",
                ":method=GET;:scheme=http;:path=/;a=b\t",
                ":method=GET;:scheme=http;:path=/;:authority=a\r\nx: y",
                ":method=GET;:scheme=http;:path=/;connection=close",
                ":method=GET;:scheme=http;:path=/;keep-alive=5",
                ":method=GET;:scheme=http;:path=/;proxy-connection=close",
                ":method=GET;:scheme=http;:path=/;transfer-encoding=chunked",
                ":method=GET;:scheme=http;:path=/;upgrade=h2c",
                ":method=GET;:scheme=http;:path=/;te=gzip",
                ":method=GET;:scheme=http;:path=/;:authority=a;host=b",
                ":method=GET;:scheme=http;:path=/;host=a;host=a",
                ":method=GET;:scheme=http;:path=/;content-length=1",
                ":method=GET;:scheme=http;:path=/;content-length=+0",
                ":method=GET;:scheme=http;:path=/;content-length=0;content-length=0",
                ":method=CONNECT;:authority=a:1;:path=/;:scheme=http",
                ":method=CONNECT",
                ":method=CONNECT;:authority=a b",
                ":method=CONNECT;:authority=a;:protocol=web socket;:path=/;:scheme=http",
                ":method=CONNECT;:authority=a;:protocol=websocket"
            })
    void refusesTheRequest(String fields) {
        wire.headers(1, true, fields.isEmpty() ? new String[0] : fields.split(";", -1));
        assertThat(wire.answers()).containsExactly("RST_STREAM 1 PROTOCOL_ERROR");
        assertThat(wire.heard.heard()).isEmpty();
        wire.get(3);
        assertThat(wire.heard.heard()).containsExactly("3 head GET / HTTP/1.1|host: a|| end");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ":method=GET;:scheme=http;:path=/ -> GET / HTTP/1.1|host: ||",
                ":method=GET;:scheme=http;:path=/;host=a -> GET / HTTP/1.1|host: a||",
                ":method=GET;:scheme=http;:path=/;:authority=A;host=a -> GET / HTTP/1.1|host: A||",
                ":method=OPTIONS;:scheme=http;:path=*;:authority=a -> OPTIONS * HTTP/1.1|host: a||",
                ":method=GET;:scheme=http;:path=/;x=b\tc\u0080 -> GET / HTTP/1.1|host: |x: b\tc\u0080||",
                ":method=GET;:scheme=http;:path=/;x= -> GET / HTTP/1.1|host: |x: ||",
                ":method=GET;:scheme=http;:path=/;te=trailers -> GET / HTTP/1.1|host: |te: trailers||",
                ":method=GET;:scheme=http;:path=/;cookie=a=b;x=y;cookie=c=d -> "
                        + "GET / HTTP/1.1|host: |cookie: a=b; c=d|x: y||"
            })
    void acceptsTheRequest(String both) {
        String[] parts = both.split(" -> ", -1);
        wire.headers(1, true, parts[0].split(";", -1));
        assertThat(wire.heard.heard()).containsExactly("1 head " + parts[1] + " end");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", ":status=20", ":status=abc", ":status=101", ":status=200;:status=200", ":status=200;:path=/"
            })
    void refusesTheResponse(String fields) {
        Wire toClient = Wire.toClient();
        byte[] head = Pair.bytes("GET / HTTP/1.1|host: a||");
        toClient.session.open(head, 0, head.length, true);
        toClient.answers();
        toClient.headers(1, true, fields.isEmpty() ? new String[0] : fields.split(";", -1));
        assertThat(toClient.answers()).containsExactly("RST_STREAM 1 PROTOCOL_ERROR");
        assertThat(toClient.heard.heard()).containsExactly("1 reset PROTOCOL_ERROR");
    }

    @Test
    void comparesTheBodyWithItsLength() {
        wire.post(1, "content-length=3");
        wire.data(1, "ab", false);
        wire.data(1, "cd", true);
        assertThat(wire.answers()).contains("RST_STREAM 1 PROTOCOL_ERROR");
        assertThat(wire.heard.heard())
                .containsExactly(
                        "1 head POST / HTTP/1.1|host: a|content-length: 3||", "1 data ab", "1 reset PROTOCOL_ERROR");
        wire.post(3, "content-length=3");
        wire.data(3, "ab", true);
        assertThat(wire.heard.heard()).endsWith("3 reset PROTOCOL_ERROR");
        wire.post(5, "content-length=3");
        wire.data(5, "ab", false);
        wire.headers(5, true, "a=b");
        assertThat(wire.heard.heard()).endsWith("5 reset PROTOCOL_ERROR");
        wire.post(7, "content-length=3");
        wire.data(7, "abc", true);
        assertThat(wire.heard.heard()).endsWith("7 data abc end");
    }

    @Test
    void letsALengthStandWhereNoBodyFollows() {
        Wire toClient = Wire.toClient();
        byte[] head = Pair.bytes("HEAD / HTTP/1.1|host: a||");
        toClient.session.open(head, 0, head.length, true);
        toClient.headers(1, true, ":status=200", "content-length=7");
        assertThat(toClient.heard.heard()).containsExactly("1 head HTTP/1.1 200 |content-length: 7|| end");
    }

    @Test
    void refusesTrailersThatAreNotTheEndOrNameThePath() {
        wire.post(1);
        wire.headers(1, false, "a=b");
        wire.post(3);
        wire.headers(3, true, ":path=/");
        assertThat(wire.answers()).containsExactly("RST_STREAM 1 PROTOCOL_ERROR", "RST_STREAM 3 PROTOCOL_ERROR");
    }
}
