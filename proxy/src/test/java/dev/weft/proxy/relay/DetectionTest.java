package dev.weft.proxy.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.outcome.ProtocolVerdict;
import dev.weft.model.outcome.ProtocolVerdict.Protocol;
import dev.weft.model.outcome.ProtocolVerdict.Reason;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DetectionTest {

    private static final int LONGER_THAN_A_RECORD_NEEDS = 700;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1",
                "\r\nGET / HTTP/1.0",
                "PRI / HTTP/1.1",
                "OPTIONS * HTTP/1.1",
                "CONNECT redis.shop:6379 HTTP/1.1",
                "X-SELLER!#$ /very/long/path?with=query HTTP/1.1",
                "GET http://quote/a HTTP/1.1"
            })
    void aRequestLineIsHttp1(String line) {
        assertThat(oneByOne(bytes(line + "\r\n"))).isEqualTo(verdict(Protocol.HTTP1, Reason.REQUEST_LINE));
    }

    @Test
    void thePrefaceIsHttp2() {
        assertThat(oneByOne(bytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")))
                .isEqualTo(verdict(Protocol.HTTP2, Reason.PREFACE));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*1\r\n$4\r\nPING\r\n", // Redis
                "set key 0 0 5\r\n", // memcached
                "get key\r\n",
                "EHLO example.com\r\n",
                "\u0000\u0000\u0000\u0008\u0004\u00d2\u0016/", // Postgres asks for TLS
                "\u0010\u000c\u0000\u0004MQTT",
                "SSH-2.0-client\r\n",
                "GET / HTTP/2.0\r\n",
                "PRI * HTTP/2.0\r\nHost: a\r\n",
                "\u0016\u0003\u0009",
                " GET / HTTP/1.1\r\n"
            })
    void anythingElseIsOpaqueAsSoonAsItCanBeNothingKnown(String said) {
        assertThat(oneByOne(bytes(said))).isEqualTo(verdict(Protocol.OPAQUE, Reason.UNKNOWN_BYTES));
    }

    @Test
    void aClientHelloTellsItsServerName() throws Exception {
        byte[] hello = hello("Db.Example.com");
        assertThat(whole(hello)).contains(new Detected(verdict(Protocol.TLS, Reason.CLIENT_HELLO), "db.example.com"));
        assertThat(oneByOne(hello)).isEqualTo(verdict(Protocol.TLS, Reason.CLIENT_HELLO));
    }

    @Test
    void aClientHelloIsNotLookedAtAgainBeforeItsRecordIsWhole() throws Exception {
        byte[] hello = hello("db.example.com");
        assertThat(Detection.wanted(hello, 5)).isEqualTo(hello.length);
        assertThat(Detection.wanted(hello, hello.length - 1)).isEqualTo(hello.length);
        for (int length = 5; length < hello.length; length++) {
            assertThat(Detection.look(hello, length)).isEmpty();
        }
        assertThat(Detection.wanted(bytes("GET /"), 5)).isEqualTo(6);
    }

    @Test
    void aClientHelloNeedNotNameAServer() throws Exception {
        assertThat(whole(hello(""))).contains(new Detected(verdict(Protocol.TLS, Reason.CLIENT_HELLO), ""));
    }

    @Test
    void aClientHelloMayComeInSeveralRecords() throws Exception {
        byte[] hello = hello("db.example.com");
        ByteArrayOutputStream records = new ByteArrayOutputStream();
        for (int at = 5; at < hello.length; at += 50) {
            int length = Math.min(50, hello.length - at);
            records.writeBytes(new byte[] {22, 3, 1, 0, (byte) length});
            records.write(hello, at, length);
        }
        assertThat(whole(records.toByteArray()))
                .contains(new Detected(verdict(Protocol.TLS, Reason.CLIENT_HELLO), "db.example.com"));
    }

    @Test
    void afterAPauseAUsualMethodIsTakenForHttpAndTheRestForBytes() {
        assertThat(Detection.afterPause(bytes("GET /slow"), 9).verdict())
                .isEqualTo(verdict(Protocol.HTTP1, Reason.PAUSE));
        assertThat(Detection.afterPause(bytes("HELLO"), 5).verdict()).isEqualTo(verdict(Protocol.OPAQUE, Reason.PAUSE));
        assertThat(Detection.afterPause(bytes("\u0016\u0003\u0001\u0002\u0000\u0001"), 6)
                        .verdict()
                        .protocol())
                .isEqualTo(Protocol.TLS);
    }

    @Test
    void nothingThatComesMakesItFail() {
        java.util.Random random = new java.util.Random(7);
        for (int i = 0; i < 20_000; i++) {
            byte[] some = new byte[random.nextInt(1, LONGER_THAN_A_RECORD_NEEDS)];
            random.nextBytes(some);
            if (i % 2 == 0) { // looks like a handshake
                some[0] = 22;
                if (some.length > 5) {
                    some[1] = 3;
                    some[2] = 1;
                    some[3] = 0;
                    some[4] = (byte) (some.length - 5);
                    some[5] = 1;
                }
            }
            Optional<Detected> found = Detection.look(some, some.length);
            Detected late = Detection.afterPause(some, some.length);
            assertThat(found.orElse(late)).isNotNull();
        }
    }

    /** What is found after the last byte; before it, nothing may be found that the whole is not. */
    private static ProtocolVerdict oneByOne(byte[] bytes) {
        for (int length = 1; length <= bytes.length; length++) {
            Optional<Detected> found = Detection.look(bytes, length);
            if (found.isPresent()) {
                assertThat(whole(bytes)).isEqualTo(found);
                return found.get().verdict();
            }
        }
        throw new AssertionError("nothing was found");
    }

    private static Optional<Detected> whole(byte[] bytes) {
        return Detection.look(bytes, bytes.length);
    }

    private static ProtocolVerdict verdict(Protocol protocol, Reason reason) {
        return new ProtocolVerdict(protocol, reason);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] hello(String serverName) throws Exception {
        SSLEngine engine = SSLContext.getDefault().createSSLEngine();
        engine.setUseClientMode(true);
        if (!serverName.isEmpty()) {
            SSLParameters parameters = engine.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(serverName)));
            engine.setSSLParameters(parameters);
        }
        ByteBuffer out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), out);
        byte[] hello = new byte[out.position()];
        out.flip().get(hello);
        return hello;
    }
}
