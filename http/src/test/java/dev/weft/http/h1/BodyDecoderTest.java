package dev.weft.http.h1;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BodyDecoderTest {

    private final BodyDecoder body = new BodyDecoder();

    @ParameterizedTest
    @CsvSource(delimiter = '~', textBlock = """
            5|hello|0|| ~ hello
            00A|0123456789|0|| ~ 0123456789
            1;name=value|x|2;q|yz|0;last|| ~ xyz
            0|Trailer: value|Other: x|| ~ ''
            0|| ~ ''
            """)
    void findsTheDataOfChunks(String text, String data) {
        byte[] bytes = Messages.bytes(text + "next");
        body.begin(Framing.CHUNKED, 0);
        Body read = Body.of(body, bytes, 0);
        assertThat(read.data()).isEqualTo(data);
        assertThat(read.end()).isEqualTo(bytes.length - 4);
        assertThat(body.done()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', textBlock = """
            x| ~ BAD_CHUNK_SIZE
            | ~ BAD_CHUNK_SIZE
            -1| ~ BAD_CHUNK_SIZE
            0x1| ~ BAD_CHUNK_SIZE
            1 | ~ BAD_CHUNK_SIZE
            1\\n ~ BAD_CHUNK_SIZE
            1\\rx ~ BAD_CHUNK_SIZE
            FFFFFFFFFFFFFFFFF| ~ BAD_CHUNK_SIZE
            1;a\\nb| ~ BAD_CHUNK_EXTENSION
            1|xy| ~ BAD_CHUNK_END
            1|x\\n0|| ~ BAD_CHUNK_END
            0|: novalue|| ~ BAD_TRAILER
            0|name : value|| ~ BAD_TRAILER
            0|a: b\\n| ~ BAD_TRAILER
            0|a: b| folded|| ~ BAD_TRAILER
            """)
    void refuses(String text, ProtocolProblem problem) {
        byte[] bytes = Messages.bytes(text);
        body.begin(Framing.CHUNKED, 0);
        assertThat(Body.of(body, bytes, 0).end()).isEqualTo(BodyDecoder.REFUSED);
        assertThat(body.problem()).isEqualTo(problem);
    }

    @Test
    void endsAfterItsLength() {
        body.begin(Framing.LENGTH, 5);
        assertThat(body.dataAhead()).isEqualTo(5);
        body.skip(3);
        assertThat(body.done()).isFalse();
        body.skip(2);
        assertThat(body.done()).isTrue();
    }

    @Test
    void lastsUntilTheConnectionCloses() {
        body.begin(Framing.UNTIL_CLOSE, 0);
        body.skip(100);
        assertThat(body.dataAhead()).isEqualTo(Long.MAX_VALUE);
        assertThat(body.endsWithConnection()).isTrue();
    }

    @Test
    void holdsToTheLimitsItWasGiven() {
        body.limits(new BodyLimits(10, 70));
        refusesFrom("1;", "a", 11, ProtocolProblem.BAD_CHUNK_EXTENSION);
        refusesFrom("0|a: ", "b", 64, ProtocolProblem.BAD_TRAILER);
    }

    /** With one byte fewer it goes on. */
    private void refusesFrom(String beginning, String more, int count, ProtocolProblem problem) {
        byte[] bytes = Messages.bytes(beginning + more.repeat(count) + (beginning.startsWith("0") ? "||" : "|"));
        byte[] shorter = Messages.bytes(beginning + more.repeat(count - 1) + (beginning.startsWith("0") ? "||" : "|"));
        body.begin(Framing.CHUNKED, 0);
        assertThat(Body.of(body, shorter, 0).end()).isEqualTo(shorter.length);
        body.begin(Framing.CHUNKED, 0);
        assertThat(Body.of(body, bytes, 0).end()).isEqualTo(BodyDecoder.REFUSED);
        assertThat(body.problem()).isEqualTo(problem);
    }

    @Test
    void boundsExtensionsAndTrailers() {
        byte[] extension = Messages.bytes("1;" + "a".repeat(16_385));
        body.begin(Framing.CHUNKED, 0);
        assertThat(body.read(extension, 0, extension.length)).isEqualTo(BodyDecoder.REFUSED);
        byte[] chunk = Messages.bytes("1;" + "a".repeat(1_024) + "|b|");
        int data = chunk.length - 3;
        body.begin(Framing.CHUNKED, 0);
        for (int i = 0; i < 16; i++) {
            assertThat(body.read(chunk, 0, chunk.length)).isEqualTo(data);
            body.skip(1);
            assertThat(body.read(chunk, data + 1, chunk.length)).isEqualTo(chunk.length);
        }
        assertThat(body.read(chunk, 0, chunk.length)).isEqualTo(BodyDecoder.REFUSED);
        assertThat(body.problem()).isEqualTo(ProtocolProblem.BAD_CHUNK_EXTENSION);
        byte[] large = Messages.bytes("1000;some=extension|");
        body.begin(Framing.CHUNKED, 0);
        for (int i = 0; i < 10_000; i++) {
            assertThat(body.read(large, 0, large.length)).isEqualTo(large.length);
            body.skip(0x1000);
            assertThat(body.read(chunk, chunk.length - 2, chunk.length)).isEqualTo(chunk.length);
        }
        byte[] trailer = Messages.bytes("0|a: " + "a".repeat(20_000));
        body.begin(Framing.CHUNKED, 0);
        int lines = body.read(trailer, 0, trailer.length);
        assertThat(body.inTrailers()).isTrue();
        assertThat(lines).isEqualTo(3);
        assertThat(body.read(trailer, lines, trailer.length)).isEqualTo(BodyDecoder.REFUSED);
        assertThat(body.problem()).isEqualTo(ProtocolProblem.BAD_TRAILER);
    }
}
