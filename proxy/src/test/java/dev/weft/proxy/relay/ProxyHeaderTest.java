package dev.weft.proxy.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The PROXY protocol's specification, sections 2.1 and 2.2, read strictly. */
class ProxyHeaderTest {

    private static final byte[] SIGNATURE = HexFormat.of().parseHex("0d0a0d0a000d0a515549540a");

    private static Optional<ProxyHeader> look(byte[] bytes) {
        return ProxyHeader.look(bytes, bytes.length);
    }

    private static byte[] ascii(String text) {
        return text.replace("|", "\r\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    static byte[] version2(int command, int family, String hex) {
        byte[] rest = HexFormat.of().parseHex(hex);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(SIGNATURE);
        out.write(command);
        out.write(family);
        out.write(rest.length >> 8);
        out.write(rest.length);
        out.writeBytes(rest);
        return out.toByteArray();
    }

    @ParameterizedTest
    @CsvSource({
        "PROXY TCP4 192.0.2.1 198.51.100.2 56324 443|, 192.0.2.1:56324",
        "PROXY TCP4 255.255.255.255 0.0.0.0 65535 0|, 255.255.255.255:65535",
        "PROXY TCP6 2001:db8::1 2001:db8::2 1 2|, 2001:db8:0:0:0:0:0:1:1",
        "PROXY UNKNOWN|, ''",
        "PROXY UNKNOWN whatever follows|, ''"
    })
    void readsLines(String line, String client) {
        byte[] bytes = ascii(line + "GET / HTTP/1.1|");
        assertThat(look(bytes)).contains(new ProxyHeader.Read(client, ascii(line).length));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1|Host: a||",
                "PROXy TCP4 192.0.2.1 198.51.100.2 1 2|",
                "PROXY TCP4 192.0.2.1 198.51.100.2 1|",
                "PROXY TCP4 192.0.2.1 198.51.100.2 1 2 |",
                "PROXY TCP4  192.0.2.1 198.51.100.2 1 2|",
                "PROXY TCP4 192.0.2.256 198.51.100.2 1 2|",
                "PROXY TCP4 192.0.2.01 198.51.100.2 1 2|",
                "PROXY TCP4 192.0.2 198.51.100.2 1 2|",
                "PROXY TCP4 192.0.2.1 198.51.100.2 1 65536|",
                "PROXY TCP4 192.0.2.1 198.51.100.2 01 2|",
                "PROXY TCP4 192.0.2.1 198.51.100.2 -1 2|",
                "PROXY TCP4 2001:db8::1 2001:db8::2 1 2|",
                "PROXY TCP6 192.0.2.1 198.51.100.2 1 2|",
                "PROXY TCP6 2001:db8::1%lo 2001:db8::2 1 2|",
                "PROXY TCP6 2001:db8::1::2 2001:db8::2 1 2|",
                "PROXY TCP6 name 2001:db8::2 1 2|",
                "PROXY UDP4 192.0.2.1 198.51.100.2 1 2|",
                "PROXY UNKNOWNS|",
                "PROXY UNKNOWN\rX"
            })
    void refusesOtherLines(String line) {
        assertThat(look(ascii(line)).orElseThrow()).isInstanceOf(ProxyHeader.Refused.class);
    }

    @Test
    void waitsForNoMoreThanALongestLine() {
        assertThat(look(ascii("PROXY UNKNOWN " + "x".repeat(92)))).isEmpty();
        assertThat(look(ascii("PROXY UNKNOWN " + "x".repeat(93))).orElseThrow())
                .isInstanceOf(ProxyHeader.Refused.class);
        assertThat(look(ascii("PROXY UNKNOWN " + "x".repeat(91) + "|"))).contains(new ProxyHeader.Read("", 107));
        assertThat(look(ascii("PROXY UNKNOWN " + "x".repeat(92) + "|")).orElseThrow())
                .isInstanceOf(ProxyHeader.Refused.class);
    }

    @Test
    void readsTheBinaryForm() {
        assertThat(look(version2(0x21, 0x11, "c0000201c6336402dc0401bb")))
                .contains(new ProxyHeader.Read("192.0.2.1:56324", 28));
        assertThat(look(version2(
                        0x21, 0x21, "20010db800000000000000000000000120010db800000000000000000000000200010002")))
                .contains(new ProxyHeader.Read("2001:db8:0:0:0:0:0:1:1", 52));
        assertThat(look(version2(0x20, 0x00, ""))).contains(new ProxyHeader.Read("", 16));
        assertThat(look(version2(0x20, 0x11, "c0000201c6336402dc0401bb"))).contains(new ProxyHeader.Read("", 28));
        assertThat(look(version2(0x21, 0x00, "ffff"))).contains(new ProxyHeader.Read("", 18));
        assertThat(look(version2(0x21, 0x11, "c0000201c6336402dc0401bb" + "040003aabbcc")))
                .contains(new ProxyHeader.Read("192.0.2.1:56324", 34));
    }

    @ParameterizedTest
    @CsvSource({
        "17, 17, c0000201c6336402dc0401bb", // version 1 of the binary form
        "34, 17, c0000201c6336402dc0401bb", // an unknown command
        "33, 18, c0000201c6336402dc0401bb", // UDP
        "33, 49, 00", // a Unix socket
        "33, 17, c0000201c6336402dc04", // too short for its addresses
        "33, 33, c0000201c6336402dc0401bb",
        "33, 17, c0000201c6336402dc0401bb0400", // half an extension
        "33, 17, c0000201c6336402dc0401bb040005aa" // an extension beyond the end
    })
    void refusesOtherBinaryForms(int command, int family, String hex) {
        assertThat(look(version2(command, family, hex)).orElseThrow()).isInstanceOf(ProxyHeader.Refused.class);
    }

    @Test
    void refusesMoreThanAnybodySends() {
        byte[] start = Arrays.copyOf(version2(0x21, 0x11, ""), 16);
        start[14] = (byte) 0x08;
        start[15] = 0x01;
        assertThat(look(start).orElseThrow()).isInstanceOf(ProxyHeader.Refused.class);
        start[15] = 0;
        assertThat(look(start)).isEmpty();
    }

    @Test
    void checksAChecksum() {
        byte[] bytes = version2(0x21, 0x11, "c0000201c6336402dc0401bb" + "03000400000000");
        CRC32C sum = new CRC32C();
        sum.update(bytes);
        for (int i = 0; i < 4; i++) {
            bytes[bytes.length - 4 + i] = (byte) (sum.getValue() >> (24 - 8 * i));
        }
        assertThat(look(bytes)).contains(new ProxyHeader.Read("192.0.2.1:56324", 35));
        bytes[17]++;
        assertThat(look(bytes).orElseThrow()).isInstanceOf(ProxyHeader.Refused.class);
    }

    /** However the bytes come, and whatever they are: the same verdict, soon, and no exception. */
    @Test
    void saysTheSameByteByByte() {
        fuzz(7, 50_000);
    }

    @Test
    @Tag("full")
    void saysTheSameOfTenMillionHeaders() {
        fuzz(8, 10_000_000);
    }

    private static void fuzz(long seed, int rounds) {
        Random random = new Random(seed);
        byte[][] seeds = {
            ascii("PROXY TCP4 192.0.2.1 198.51.100.2 56324 443|GET /"),
            ascii("PROXY TCP6 2001:db8::1 2001:db8::2 1 2|"),
            version2(0x21, 0x11, "c0000201c6336402dc0401bb040003aabbcc"),
            version2(0x21, 0x21, "20010db800000000000000000000000120010db800000000000000000000000200010002")
        };
        for (int round = 0; round < rounds; round++) {
            byte[] bytes = seeds[random.nextInt(seeds.length)].clone();
            for (int i = random.nextInt(3); i > 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            Optional<ProxyHeader> whole = look(bytes);
            Optional<ProxyHeader> first = Optional.empty();
            for (int length = 1; length <= bytes.length && first.isEmpty(); length++) {
                first = ProxyHeader.look(bytes, length);
            }
            if (!first.equals(whole)) {
                assertThat(first).as(() -> HexFormat.of().formatHex(bytes)).isEqualTo(whole);
            }
        }
    }
}
