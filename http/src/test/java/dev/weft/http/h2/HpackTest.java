package dev.weft.http.h2;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** RFC 7541, with the examples of its appendix C. */
class HpackTest {

    private FieldDecoder decoder = new FieldDecoder(4096);
    private final HeadBuilder head = new HeadBuilder(16 * 1024, 100, true);

    private String decoded(HeadBuilder.Form form, String hex) {
        byte[] block = HexFormat.of().parseHex(hex.replace(" ", ""));
        head.begin(form);
        if (!decoder.decode(block, 0, block.length, head)) {
            return "refused";
        }
        if (!head.finish(new byte[0])) {
            return "malformed";
        }
        String text = new String(head.buffer(), head.start(), head.end() - head.start(), StandardCharsets.ISO_8859_1);
        return text.replace("\r\n", "|") + " " + decoder.table().size();
    }

    private String request(String hex) {
        return decoded(HeadBuilder.Form.REQUEST, hex);
    }

    private String response(String hex) {
        return decoded(HeadBuilder.Form.RESPONSE, hex);
    }

    private String trailers(String hex) {
        return decoded(HeadBuilder.Form.TRAILERS, hex);
    }

    @Test
    void decodesLiteralsAsInC2() {
        assertThat(trailers("400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572"))
                .isEqualTo("custom-key: custom-header| 55");
        assertThat(request("82 86 040c 2f73 616d 706c 652f 7061 7468"))
                .isEqualTo("GET /sample/path HTTP/1.1|host: || 55");
        assertThat(trailers("1008 7061 7373 776f 7264 0673 6563 7265 74")).isEqualTo("password: secret| 55");
    }

    @Test
    void decodesRequestsAsInC3() {
        assertThat(request("8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d"))
                .isEqualTo("GET / HTTP/1.1|host: www.example.com|| 57");
        assertThat(request("8286 84be 5808 6e6f 2d63 6163 6865"))
                .isEqualTo("GET / HTTP/1.1|host: www.example.com|cache-control: no-cache|| 110");
        assertThat(request("8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65"))
                .isEqualTo("GET /index.html HTTP/1.1|host: www.example.com|custom-key: custom-value|| 164");
    }

    @Test
    void decodesHuffmanCodedRequestsAsInC4() {
        assertThat(request("8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff"))
                .isEqualTo("GET / HTTP/1.1|host: www.example.com|| 57");
        assertThat(request("8286 84be 5886 a8eb 1064 9cbf"))
                .isEqualTo("GET / HTTP/1.1|host: www.example.com|cache-control: no-cache|| 110");
        assertThat(request("8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf"))
                .isEqualTo("GET /index.html HTTP/1.1|host: www.example.com|custom-key: custom-value|| 164");
    }

    private static final String DATED = "cache-control: private|date: Mon, 21 Oct 2013 20:13:2";
    private static final String LOCATED = " GMT|location: https://www.example.com|";
    private static final String LAST = "HTTP/1.1 200 |cache-control: private|date: Mon, 21 Oct 2013 20:13:22 GMT"
            + "|location: https://www.example.com|content-encoding: gzip"
            + "|set-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1|| 215";

    @Test
    void decodesResponsesThatEvictAsInC5() {
        decoder = new FieldDecoder(256);
        assertThat(response("4803 3330 3258 0770 7269 7661 7465 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a"
                        + "3133 3a32 3120 474d 546e 1768 7474 7073 3a2f 2f77 7777 2e65 7861 6d70 6c65 2e63 6f6d"))
                .isEqualTo("HTTP/1.1 302 |" + DATED + "1" + LOCATED + "| 222");
        assertThat(response("4803 3330 37c1 c0bf")).isEqualTo("HTTP/1.1 307 |" + DATED + "1" + LOCATED + "| 222");
        assertThat(response("88c1 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3220 474d 54c0 5a04"
                        + "677a 6970 7738 666f 6f3d 4153 444a 4b48 514b 425a 584f 5157 454f 5049 5541 5851 5745 4f49"
                        + "553b 206d 6178 2d61 6765 3d33 3630 303b 2076 6572 7369 6f6e 3d31"))
                .isEqualTo(LAST);
    }

    @Test
    void decodesHuffmanCodedResponsesAsInC6() {
        decoder = new FieldDecoder(256);
        assertThat(response("4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff6e"
                        + "919d 29ad 1718 63c7 8f0b 97c8 e9ae 82ae 43d3"))
                .isEqualTo("HTTP/1.1 302 |" + DATED + "1" + LOCATED + "| 222");
        assertThat(response("4883 640e ffc1 c0bf")).isEqualTo("HTTP/1.1 307 |" + DATED + "1" + LOCATED + "| 222");
        assertThat(response("88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab 77ad 94e7"
                        + "821d d7f2 e6c7 b335 dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f 9587 3160 65c0 03ed"
                        + "4ee5 b106 3d50 07"))
                .isEqualTo(LAST);
    }

    @Test
    void refusesWhatIsNoHpack() {
        assertThat(trailers("80")).as("index 0").isEqualTo("refused");
        assertThat(trailers("be")).as("an entry that is not there").isEqualTo("refused");
        assertThat(trailers("ff ff ff ff ff ff 7f")).as("an endless integer").isEqualTo("refused");
        assertThat(trailers("7f ff ff ff ff ff ff")).as("an integer cut short").isEqualTo("refused");
        assertThat(trailers("40 05 61")).as("a string cut short").isEqualTo("refused");
        assertThat(trailers("3f e2 1f")).as("a table larger than allowed").isEqualTo("refused");
        assertThat(trailers("00 01 61 00 20"))
                .as("a table's size after a field")
                .isEqualTo("refused");
        assertThat(trailers("00 01 61 81 ff")).as("a padding of a whole byte").isEqualTo("refused");
        assertThat(trailers("00 01 61 81 18")).as("a padding of zeros").isEqualTo("refused");
        assertThat(trailers("00 01 61 84 ff ff ff ff"))
                .as("the end-of-string code")
                .isEqualTo("refused");
    }

    @Test
    void takesASmallerTableAndALargerOneAgain() {
        assertThat(trailers("40 01 61 01 62")).isEqualTo("a: b| 34");
        assertThat(trailers("20 3f e1 1f")).isEqualTo(" 0");
        assertThat(trailers("be")).isEqualTo("refused");
    }

    @Test
    void decodesEverySymbolOfTheHuffmanCode() {
        byte[] all = new byte[256];
        for (int i = 0; i < 256; i++) {
            all[i] = (byte) i;
        }
        byte[] coded = HuffmanCoder.encode(all);
        byte[] out = new byte[Huffman.lengthMax(coded.length)];
        int end = Huffman.decode(coded, 0, coded.length, out, 0);
        assertThat(Arrays.copyOf(out, end)).isEqualTo(all);
    }

    @Test
    void neverKeepsCredentials() {
        FieldEncoder encoder = new FieldEncoder();
        HeadEncoder heads = new HeadEncoder(encoder, "https");
        byte[] lines = Pair.bytes("authorization: Bearer abc|proxy-authorization: x|cookie: short|");
        for (int i = 0; i < 3; i++) {
            encoder.begin(0);
            heads.trailers(lines, 0, lines.length);
            assertThat(HexFormat.of().formatHex(encoder.bytes(), 0, 2)).isEqualTo("1f08");
            assertThat(encoder.end()).isEqualTo(2 + 11 + 2 + 2 + 2 + 6);
        }
    }

    @Test
    void tellsThePeerOfASmallerTableBeforeItIsUsed() {
        FieldEncoder encoder = new FieldEncoder();
        encoder.sizeLimit(0);
        encoder.sizeLimit(100);
        encoder.begin(0);
        assertThat(HexFormat.of().formatHex(encoder.bytes(), 0, encoder.end())).isEqualTo("203f45");
        encoder.begin(0);
        assertThat(encoder.end()).isZero();
    }
}
