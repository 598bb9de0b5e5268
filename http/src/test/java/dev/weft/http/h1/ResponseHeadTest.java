package dev.weft.http.h1;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResponseHeadTest {

    private final ResponseHead head = new ResponseHead(Limits.DEFAULT);

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            HTTP/1.1 200 OK|Content-Length: 5||; false; LENGTH
            HTTP/1.1 200 OK|Content-Length: 5||; true; NONE
            HTTP/1.1 200 OK|Content-Length: 0||; false; NONE
            HTTP/1.1 204 No Content||; false; NONE
            HTTP/1.1 304 Not Modified|Content-Length: 5||; false; NONE
            HTTP/1.1 200 OK|Transfer-Encoding: chunked||; false; CHUNKED
            HTTP/1.1 200||; false; UNTIL_CLOSE
            HTTP/1.0 200 OK||; false; UNTIL_CLOSE
            HTTP/1.1 100 Continue||; false; NONE
            """)
    void knowsWhereTheBodyEnds(String text, boolean toHead, Framing framing) {
        assertThat(parse(text)).isGreaterThan(0);
        assertThat(head.framing(toHead)).isEqualTo(framing);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            HTTP/1.1 20 OK|A: b||; BAD_STATUS_LINE
            HTTP/1.1 2000 OK|A: b||; BAD_STATUS_LINE
            HTTP/2.0 200 OK||; BAD_STATUS_LINE
            SSH-2.0-OpenSSH_9|; BAD_STATUS_LINE
            HTTP/1.1 200 OK\\n|A: b||; BARE_LINE_BREAK
            HTTP/1.1 200 OK|Content-Length: 1|Transfer-Encoding: chunked||; LENGTH_AND_CODING
            HTTP/1.1 200 OK|Content-Length: 1|Content-Length: 2||; LENGTH_REPEATED
            HTTP/1.0 200 OK|Transfer-Encoding: chunked||; CODING_IN_HTTP_1_0
            """)
    void refuses(String text, ProtocolProblem problem) {
        assertThat(parse(text)).isEqualTo(ResponseHead.REFUSED);
        assertThat(head.problem()).isEqualTo(problem);
    }

    @Test
    void forwardsAsHttp11WithoutWhatConcernsThisConnection() {
        parse("HTTP/1.0 299 Very Fine|Connection: keep-alive|Content-Length: 2|Keep-Alive: x||");
        HeadWriter writer = new HeadWriter();
        writer.reset();
        writer.add(HeadWriter.line("connection", "close"));
        byte[] out = new byte[writer.lengthMax(head)];
        int end = writer.write(head, out, 0);
        assertThat(new String(out, 0, end, StandardCharsets.ISO_8859_1).replace("\r\n", "|"))
                .isEqualTo("HTTP/1.1 299 Very Fine|Content-Length: 2|connection: close||");
        assertThat(head.keepsAlive()).isTrue();
    }

    private int parse(String text) {
        byte[] bytes = Messages.bytes(text);
        head.reset(0);
        return head.parse(bytes, bytes.length);
    }
}
