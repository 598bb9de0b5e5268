package dev.weft.http.h1;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestHeadTest {

    private final RequestHead head = new RequestHead(Limits.DEFAULT);

    @Test
    void readsTheLineTheTargetAndTheFields() {
        accept("GET /a/b?x=1 HTTP/1.1|Host: Quote.default:8080|X-One: first |x-one:second||");
        assertThat(head.method()).isEqualTo("GET");
        assertThat(head.target().path()).isEqualTo("/a/b");
        assertThat(head.target().query()).isEqualTo("?x=1");
        assertThat(head.target().authority()).isEqualTo("Quote.default:8080");
        assertThat(head.target().host()).isEqualTo("quote.default");
        assertThat(head.target().port(80)).isEqualTo(8080);
        assertThat(head.fields().value(HeaderName.of("X-ONE"))).contains("first");
        assertThat(head.fields().find("nothing")).isEqualTo(-1);
        assertThat(head.framing()).isEqualTo(Framing.NONE);
        assertThat(head.keepsAlive()).isTrue();
    }

    @Test
    void takesTheAuthorityFromAnAbsoluteTarget() {
        accept("GET http://quote.default.svc.cluster.local?x HTTP/1.1|Host: other||");
        assertThat(head.target().host()).isEqualTo("quote.default.svc.cluster.local");
        assertThat(head.target().path()).isEqualTo("/");
        assertThat(head.target().query()).isEqualTo("?x");
        assertThat(head.target().port(80)).isEqualTo(80);
    }

    @Test
    void ignoresEmptyLinesBeforeARequest() {
        accept("||GET / HTTP/1.1|host: a||");
        assertThat(head.method()).isEqualTo("GET");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            GET / HTTP/1.0||; false
            GET / HTTP/1.0|Connection: keep-alive||; true
            GET / HTTP/1.1|Host: a|Connection: close||; false
            GET / HTTP/1.1|Host: a|Connection: x, CLOSE||; false
            GET / HTTP/1.1|Host: a|Connection: x||; true
            """)
    void knowsWhetherTheConnectionStays(String text, boolean stays) {
        accept(text);
        assertThat(head.keepsAlive()).isEqualTo(stays);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            POST / HTTP/1.1|Host: a|Content-Length: 12||; LENGTH
            POST / HTTP/1.1|Host: a|Content-Length: 0||; NONE
            POST / HTTP/1.1|Host: a|Transfer-Encoding: Chunked||; CHUNKED
            POST / HTTP/1.1|Host: a||; NONE
            OPTIONS * HTTP/1.1|Host: a||; NONE
            GET / HTTP/1.1|Host: [::1]:80||; NONE
            GET / HTTP/1.1|Host:||; NONE
            CONNECT a:1 HTTP/1.1|Host: a||; NONE
            CONNECT [::1]:443 HTTP/1.1|Host: a||; NONE
            GET /?q={"a":[1|2]} HTTP/1.1|Host: a||; NONE
            """)
    void accepts(String text, Framing framing) {
        accept(text.replace("1|2", "1,2"));
        assertThat(head.framing()).isEqualTo(framing);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            POST / HTTP/1.1|Host: a|Content-Length: 1|Transfer-Encoding: chunked||; LENGTH_AND_CODING
            POST / HTTP/1.1|Host: a|Transfer-Encoding: chunked|Content-Length: 1||; LENGTH_AND_CODING
            POST / HTTP/1.1|Host: a|Content-Length: 1|Content-Length: 1||; LENGTH_REPEATED
            POST / HTTP/1.1|Host: a|Content-Length: 1, 1||; BAD_LENGTH
            POST / HTTP/1.1|Host: a|Content-Length: +1||; BAD_LENGTH
            POST / HTTP/1.1|Host: a|Content-Length: 0x1||; BAD_LENGTH
            POST / HTTP/1.1|Host: a|Content-Length:||; BAD_LENGTH
            POST / HTTP/1.1|Host: a|Content-Length: 99999999999999999999||; BAD_LENGTH
            POST / HTTP/1.1|Host: a|Transfer-Encoding: gzip, chunked||; CODING_UNSUPPORTED
            POST / HTTP/1.1|Host: a|Transfer-Encoding: chunked, gzip||; BAD_CODING
            POST / HTTP/1.1|Host: a|Transfer-Encoding: identity||; BAD_CODING
            POST / HTTP/1.1|Host: a|Transfer-Encoding: chunked|Transfer-Encoding: chunked||; BAD_CODING
            POST / HTTP/1.0|Transfer-Encoding: chunked||; CODING_IN_HTTP_1_0
            GET / HTTP/1.1|Host: a|A: b\\n|; BARE_LINE_BREAK
            GET / HTTP/1.1\\n|Host: a||; BAD_REQUEST_LINE
            GET / HTTP/1.1|Host: a\\rb||; BARE_LINE_BREAK
            GET / HTTP/1.1|Host: a|A: b| folded||; FOLDED_FIELD
            GET / HTTP/1.1| Host: a||; FOLDED_FIELD
            GET / HTTP/1.1|Host : a||; BAD_FIELD_NAME
            GET / HTTP/1.1|Host: a|: b||; BAD_FIELD_NAME
            GET / HTTP/1.1|Host: a|nocolon||; BAD_FIELD_NAME
            GET / HTTP/1.1|Host: a|A: b\\0||; BAD_FIELD_VALUE
            GET / HTTP/1.1||; HOST_MISSING
            GET / HTTP/1.1|Host: a|Host: a||; HOST_REPEATED
            GET / HTTP/1.1|Host: a b||; BAD_HOST
            GET / HTTP/1.1|Host: user@a||; BAD_HOST
            GET / HTTP/1.1|Host: a:b||; BAD_HOST
            GET / HTTP/1.1|Host: a:1:2||; BAD_HOST
            GET http:///x HTTP/1.1|Host: a||; BAD_TARGET
            GET ftp://a/x HTTP/1.1|Host: a||; BAD_TARGET
            GET x HTTP/1.1|Host: a||; BAD_TARGET
            GET * HTTP/1.1|Host: a||; BAD_TARGET
            GET /a#b HTTP/1.1|Host: a||; BAD_TARGET
            GET a:1 HTTP/1.1|Host: a||; BAD_TARGET
            CONNECT /a HTTP/1.1|Host: a||; BAD_TARGET
            CONNECT http://a:1/ HTTP/1.1|Host: a||; BAD_TARGET
            CONNECT * HTTP/1.1|Host: a||; BAD_TARGET
            CONNECT *:1 HTTP/1.1|Host: a||; BAD_TARGET
            CONNECT a HTTP/1.1|Host: a||; BAD_TARGET
            CONNECT a: HTTP/1.1|Host: a||; BAD_TARGET
            CONNECT :1 HTTP/1.1|Host: a||; BAD_TARGET
            CONNECT a:1/x HTTP/1.1|Host: a||; BAD_TARGET
            CONNECT a:1 HTTP/1.0||; BAD_TARGET
            GET /a\\b HTTP/1.1|Host: a||; BAD_TARGET
            GET  / HTTP/1.1|Host: a||; BAD_TARGET
            GET /a b HTTP/1.1|Host: a||; BAD_REQUEST_LINE
            GET /|Host: a||; BAD_REQUEST_LINE
            G@T / HTTP/1.1|Host: a||; BAD_METHOD
            GET / HTTP/2.0|Host: a||; VERSION_UNSUPPORTED
            GET / http/1.1|Host: a||; BAD_REQUEST_LINE
            GET / HTTP/1.1 |Host: a||; BAD_REQUEST_LINE
            """)
    void refuses(String text, ProtocolProblem problem) {
        assertThat(parse(text)).isEqualTo(RequestHead.REFUSED);
        assertThat(head.problem()).isEqualTo(problem);
    }

    @Test
    void refusesATargetThatIsTooLong() {
        assertThat(parse("GET /" + "a".repeat(20_000))).isEqualTo(RequestHead.REFUSED);
        assertThat(head.problem()).isEqualTo(ProtocolProblem.TARGET_TOO_LONG);
        assertThat(head.problem().status()).isEqualTo(414);
    }

    @Test
    void refusesEmptyLinesThatNeverEnd() {
        byte[] lines = Messages.bytes("|".repeat(40_000));
        head.reset(0);
        assertThat(head.parse(lines, lines.length / 2)).isEqualTo(RequestHead.INCOMPLETE);
        assertThat(head.parse(lines, lines.length)).isEqualTo(RequestHead.REFUSED);
        assertThat(head.problem()).isEqualTo(ProtocolProblem.HEAD_TOO_LARGE);
    }

    @Test
    void refusesAHeadThatIsTooLarge() {
        assertThat(parse("GET / HTTP/1.1|Host: a|x: " + "a".repeat(70_000))).isEqualTo(RequestHead.REFUSED);
        assertThat(head.problem()).isEqualTo(ProtocolProblem.HEAD_TOO_LARGE);
        assertThat(head.problem().status()).isEqualTo(431);
        assertThat(parse("GET / HTTP/1.1|Host: a|" + "x: y|".repeat(300) + "|")).isEqualTo(RequestHead.REFUSED);
        assertThat(head.problem()).isEqualTo(ProtocolProblem.TOO_MANY_FIELDS);
    }

    @Test
    void forwardsTheBytesWithoutWhatConcernsThisConnection() {
        accept("GET http://quote:80/a?b HTTP/1.0|Host: x|Accept: */*|Connection: keep-alive, X-Hop, Host|X-Hop: 1"
                + "|Keep-Alive: 5|TE: trailers|Upgrade: h2c|l5d-client-id: forged|Last: yes||");
        head.fields().drop(HeaderName.of("l5d-client-id"));
        HeadWriter writer = new HeadWriter();
        writer.reset();
        writer.add("x-request-id", "1");
        assertThat(written(writer))
                .isEqualTo("GET /a?b HTTP/1.1|host: quote:80|Accept: */*|Last: yes|x-request-id: 1||");
    }

    @Test
    void keepsWhatSaysWhoAsksWhateverConnectionNames() {
        accept("GET / HTTP/1.1|Host: x|Authorization: a|Cookie: b|X-Hop: c"
                + "|Connection: authorization, Cookie, x-hop, host||");
        HeadWriter writer = new HeadWriter();
        writer.reset();
        assertThat(written(writer)).isEqualTo("GET / HTTP/1.1|Host: x|Authorization: a|Cookie: b||");
    }

    @Test
    void forwardsHttp10AsItselfWhereItIsToStayThat() {
        HeadWriter writer = new HeadWriter();
        writer.reset();
        writer.keepVersion();
        accept("GET /a HTTP/1.0|A: b||");
        assertThat(written(writer)).isEqualTo("GET /a HTTP/1.0|A: b||");
        accept("GET /a HTTP/1.1|Host: b||");
        assertThat(written(writer)).isEqualTo("GET /a HTTP/1.1|Host: b||");
    }

    @Test
    void forwardsWithAnotherTargetAndHost() {
        accept("GET /old HTTP/1.1|Host: x|A: b||");
        HeadWriter writer = new HeadWriter();
        writer.reset();
        writer.target("/new?c");
        writer.host("y");
        assertThat(written(writer)).isEqualTo("GET /new?c HTTP/1.1|A: b|host: y||");
    }

    private String written(HeadWriter writer) {
        byte[] out = new byte[writer.lengthMax(head)];
        int end = writer.write(head, out, 0);
        return new String(out, 0, end, StandardCharsets.ISO_8859_1).replace("\r\n", "|");
    }

    private void accept(String text) {
        assertThat(parse(text)).as(() -> head.problem().sentence()).isGreaterThan(0);
    }

    private int parse(String text) {
        byte[] bytes = Messages.bytes(text);
        head.reset(0);
        return head.parse(bytes, bytes.length);
    }

    @Test
    void positionsStayValidWhenTheBytesMove() {
        byte[] bytes = Messages.bytes("GET /path HTTP/1.1|Host: a||");
        head.reset(0);
        assertThat(head.parse(Arrays.copyOf(bytes, 20), 20)).isEqualTo(RequestHead.INCOMPLETE);
        assertThat(head.parse(bytes, bytes.length)).isEqualTo(bytes.length);
        assertThat(head.target().host()).isEqualTo("a");
    }
}
