package dev.weft.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class TlsRecordsTests {

    /** The server's first record in RFC 8448 §3, "Simple 1-RTT Handshake". */
    private static final String SERVER_HELLO = "160303005a02000056"
            + "0303a6af06a4121860dc5e6e60249cd34c95930c8ac5cb1434dac155772ed3e2692800130100002e0033"
            + "0024001d0020c9828876112095fe66762bdbf7c672e156d6cc253b833df1dd69b1b04e751f0f002b00020304";

    /** The same without its extension supported_versions, as a server of TLS 1.2 answers. */
    private static final String OLD_SERVER_HELLO = "160303005402000050"
            + "0303a6af06a4121860dc5e6e60249cd34c95930c8ac5cb1434dac155772ed3e26928001301000028"
            + "00330024001d0020c9828876112095fe66762bdbf7c672e156d6cc253b833df1dd69b1b04e751f0f";

    @Test
    void readsTheVersionThatTheServerAgreedOn() {
        assertThat(TlsRecords.read(bytes(SERVER_HELLO)).version()).isEqualTo(TlsRecords.TLS_1_3);
    }

    @Test
    void tellsAnOlderVersionFromTls13() {
        assertThat(TlsRecords.read(bytes(OLD_SERVER_HELLO)).version()).isEqualTo(0x0303);
    }

    @Test
    void findsNoVersionInClearText() {
        byte[] wire = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nHello".getBytes(StandardCharsets.US_ASCII);

        assertThat(TlsRecords.read(wire).version()).isZero();
    }

    @Test
    void findsNoVersionInAHelloThatIsCutOff() {
        byte[] whole = bytes(SERVER_HELLO);

        for (int length = 0; length < whole.length; length++) {
            assertThat(TlsRecords.read(java.util.Arrays.copyOf(whole, length)).version())
                    .isZero();
        }
    }

    @Test
    void countsTheBytesOfEncryptedRecordsAlone() {
        byte[] wire = bytes(SERVER_HELLO + "140303000101" + "1703030003aabbcc" + "1703030004aabb");

        assertThat(TlsRecords.read(wire).applicationBytes()).isEqualTo(5);
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }
}
