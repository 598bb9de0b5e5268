package dev.weft.proxy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Requests that two readers could understand differently (RFC 9112 section 11.2), and harmless ones that look like them.
 * {@code {host}} stands for the host. Every case is a whole connection's beginning: another request follows it.
 */
final class SmugglingCases {

    /**
     * One case.
     *
     * @param status with which the proxy must refuse it and close; 0 when both sides must see one request with this body
     */
    record Case(String name, String bytes, int status, String body) {

        boolean refused() {
            return status > 0;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static final String POST = "POST /first HTTP/1.1\r\nHost: {host}\r\n";
    static final String HELLO_CHUNKS = "5\r\nhello\r\n0\r\n\r\n";

    private final List<Case> cases = new ArrayList<>();

    private SmugglingCases() {}

    static List<Case> all() {
        SmugglingCases built = new SmugglingCases();
        built.contentLengths();
        built.transferEncodings();
        built.bothAtOnce();
        built.chunks();
        new SmugglingHeads(built).add();
        return List.copyOf(built.cases);
    }

    /** What is ambiguous or malformed. */
    void refused(String name, String bytes) {
        refused(name, bytes, 400);
    }

    /** With 501 what is clear and not spoken here, with 505 another version. */
    void refused(String name, String bytes, int status) {
        cases.add(new Case(name, bytes, status, ""));
    }

    void passed(String name, String bytes, String body) {
        cases.add(new Case(name, bytes, 0, body));
    }

    /** Makes invisible characters readable in a case's name. */
    static String shown(String text) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean visible = c >= ' ' && c < 127;
            out.append(visible ? String.valueOf(c) : String.format("\\x%02x", (int) c));
        }
        return out.toString();
    }

    private void contentLengths() {
        for (String sound : List.of("5", " 5", "\t5", "5 ", "5\t", "05", "000000005")) {
            passed("length [" + shown(sound) + "]", POST + "Content-Length:" + sound + "\r\n\r\nhello", "hello");
        }
        for (String bad : List.of(
                "",
                " ",
                "+5",
                "-5",
                "-0",
                "5,5",
                "5, 5",
                "5,6",
                "5 5",
                "5;",
                "5.0",
                "0x5",
                "5h",
                "h5",
                "5e0",
                "1_0",
                "\"5\"",
                "\u00b2",
                "5\u00a0",
                "\u00055",
                "5\u0000",
                "5\u000b",
                "99999999999999999999",
                "18446744073709551621",
                "4294967301 ,5",
                "NaN",
                "5\u007f")) {
            refused("length [" + shown(bad) + "]", POST + "Content-Length: " + bad + "\r\n\r\nhello");
        }
        refused("two lengths, different", POST + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!");
        refused("two lengths, the same", POST + "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello");
        refused("two lengths, cases differ", POST + "Content-Length: 5\r\ncontent-length: 0\r\n\r\nhello");
        refused(
                "three lengths",
                POST + "Content-Length: 5\r\nX: y\r\nContent-Length: 5\r\nContent-Length: 0\r\n\r\nhello");
        refused("length, space before the colon", POST + "Content-Length : 5\r\n\r\nhello");
        refused("length, tab before the colon", POST + "Content-Length\t: 5\r\n\r\nhello");
        refused("length, space before the name", POST + " Content-Length: 5\r\n\r\nhello");
        refused("length, folded", POST + "Content-Length:\r\n 5\r\n\r\nhello");
        refused("length, folded by a tab", POST + "Content-Length:\r\n\t5\r\n\r\nhello");
        refused("length, NUL in the name", POST + "Content-\u0000Length: 5\r\n\r\nhello");
        refused("length, bare LF before", POST + "X: y\nContent-Length: 5\r\n\r\nhello");
        refused("length, bare CR before", POST + "X: y\rContent-Length: 5\r\n\r\nhello");
        refused("length, bare CR after", POST + "Content-Length: 5\rX: y\r\n\r\nhello");
        passed("length, another name", POST + "Content-Lengths: 7\r\nContent-Length: 5\r\n\r\nhello", "hello");
        passed("length, another word", POST + "X-Content-Length: 7\r\nContent-Length: 5\r\n\r\nhello", "hello");
        passed(
                "length, nominated away",
                POST + "Connection: content-length\r\nContent-Length: 5\r\n\r\nhello",
                "hello");
        passed("no length, no body", POST + "\r\n", "");
        passed("length zero", POST + "Content-Length: 0\r\n\r\n", "");
    }

    private void transferEncodings() {
        for (String sound :
                List.of("chunked", "Chunked", "CHUNKED", " chunked", "\tchunked", "chunked ", "chunked\t")) {
            passed(
                    "coding [" + shown(sound) + "]",
                    POST + "Transfer-Encoding:" + sound + "\r\n\r\n" + HELLO_CHUNKS,
                    "hello");
        }
        for (String bad : List.of(
                "",
                "identity",
                "gzip",
                "xchunked",
                "x-chunked",
                "chunkedx",
                "chunked, identity",
                "chunked, chunked",
                "chunked,chunked",
                "chunked, gzip",
                "chunked;q=1",
                "chunked;",
                "\"chunked\"",
                "'chunked'",
                "chu nked",
                "chunked\u000b",
                "\u000bchunked",
                "\u000cchunked",
                "chunked\u0000",
                "\u0000chunked",
                "chunked,",
                ",chunked",
                ", chunked",
                "chunked ,",
                "[chunked]",
                "chunked/1",
                "\u00a0chunked",
                "chun\u212aed",
                "cow",
                "chunked\u0085",
                "\u001fchunked")) {
            refused(
                    "coding [" + shown(bad) + "]",
                    POST + "Transfer-Encoding: " + bad.replace("\u212a", "\u00ff") + "\r\n\r\n" + HELLO_CHUNKS);
        }
        for (String unspoken : List.of("gzip, chunked", "identity, chunked")) {
            refused(
                    "coding [" + unspoken + "]",
                    POST + "Transfer-Encoding: " + unspoken + "\r\n\r\n" + HELLO_CHUNKS,
                    501);
        }
        refused(
                "two codings",
                POST + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n" + HELLO_CHUNKS);
        refused(
                "coding and identity",
                POST + "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n\r\n" + HELLO_CHUNKS);
        refused(
                "coding, then cow",
                POST + "Transfer-Encoding: chunked\r\nTransfer-encoding: cow\r\n\r\n" + HELLO_CHUNKS);
        refused("coding, space before the colon", POST + "Transfer-Encoding : chunked\r\n\r\n" + HELLO_CHUNKS);
        refused("coding, space before the name", POST + " Transfer-Encoding: chunked\r\n\r\n" + HELLO_CHUNKS);
        refused("coding, folded", POST + "Transfer-Encoding:\r\n chunked\r\n\r\n" + HELLO_CHUNKS);
        refused("coding, folded after", POST + "Transfer-Encoding: chunked\r\n , identity\r\n\r\n" + HELLO_CHUNKS);
        refused("coding, bare LF before", POST + "X: y\nTransfer-Encoding: chunked\r\n\r\n" + HELLO_CHUNKS);
        refused("coding, bare CR before", POST + "X: y\rTransfer-Encoding: chunked\r\n\r\n" + HELLO_CHUNKS);
        refused(
                "coding in HTTP/1.0",
                "POST /first HTTP/1.0\r\nHost: {host}\r\nTransfer-Encoding: chunked\r\n\r\n" + HELLO_CHUNKS);
        refused("coding, NUL in the name", POST + "Transfer\u0000-Encoding: chunked\r\n\r\n" + HELLO_CHUNKS);
        refused("coding, no-break space in the name", POST + "Transfer-Encoding\u00a0: chunked\r\n\r\n" + HELLO_CHUNKS);
        passed(
                "coding, nominated away",
                POST + "Connection: transfer-encoding\r\nTransfer-Encoding: chunked\r\n\r\n" + HELLO_CHUNKS,
                "hello");
    }

    private void bothAtOnce() {
        String length = "Content-Length: 5\r\n";
        for (String coding : List.of(
                "Transfer-Encoding: chunked",
                "transfer-encoding: chunked",
                "Transfer-Encoding: Chunked",
                "Transfer-Encoding: identity",
                "Transfer-Encoding: xchunked",
                "Transfer-Encoding:\tchunked",
                "Transfer-Encoding: chunked ",
                "Transfer-Encoding: x",
                "Transfer-Encoding:")) {
            refused("length, then " + shown(coding), POST + length + coding + "\r\n\r\n" + HELLO_CHUNKS);
            refused(shown(coding) + ", then length", POST + coding + "\r\n" + length + "\r\n" + HELLO_CHUNKS);
        }
        refused("both, zero length", POST + "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n" + HELLO_CHUNKS);
        refused(
                "both, in GET",
                "GET /first HTTP/1.1\r\nHost: {host}\r\n" + length + "Transfer-Encoding: chunked\r\n\r\n"
                        + HELLO_CHUNKS);
        refused(
                "both, length nominated away",
                POST + "Connection: content-length\r\n" + length + "Transfer-Encoding: chunked\r\n\r\n" + HELLO_CHUNKS);
        refused(
                "both, coding nominated away",
                POST + "Connection: transfer-encoding\r\n" + length + "Transfer-Encoding: chunked\r\n\r\n"
                        + HELLO_CHUNKS);
    }

    private void chunks() {
        Map<String, String> sound = new TreeMap<>(Map.of(
                "leading zeros", "00005\r\nhello\r\n000\r\n\r\n",
                "two chunks", "2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n",
                "extension", "5;a=b\r\nhello\r\n0\r\n\r\n",
                "extension, quoted", "5;a=\"b;c\"\r\nhello\r\n0\r\n\r\n",
                "extension without value", "5;a\r\nhello\r\n0;b\r\n\r\n",
                "trailer", "5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n"));
        sound.forEach((name, bytes) ->
                passed("chunks, " + name, POST + "Transfer-Encoding: chunked\r\n\r\n" + bytes, "hello"));
        for (String size : List.of(
                "",
                " 5",
                "+5",
                "-5",
                "0x5",
                "5 ",
                "5\t",
                "5 ;a",
                "g",
                "5g",
                "5,5",
                "5.",
                "ffffffffffffffff5",
                "10000000000000005",
                "5\u0000",
                "\u00005",
                "5\u000b",
                "5\u00a0",
                "\u00b2",
                "5\n",
                "5\r",
                "5\r\r",
                "\r\n5",
                "5;a\nb",
                "5;a\rb",
                "5;\u0000",
                "5;a=\"\n\"")) {
            refused(
                    "chunk size [" + shown(size) + "]",
                    POST + "Transfer-Encoding: chunked\r\n\r\n" + size + "\r\nhello\r\n0\r\n\r\n");
        }
        for (String bytes : List.of(
                "5\nhello\r\n0\r\n\r\n",
                "5\r\nhello\n0\r\n\r\n",
                "5\r\nhello0\r\n\r\n",
                "5\r\nhelloXX0\r\n\r\n",
                "5\r\nhello\r0\r\n\r\n",
                "5\r\nhello\r\n0\r\n\n",
                "5\r\nhello\r\n0\n\r\n",
                "5\r\nhello\r\n0\r\nX y\r\n\r\n",
                "5\r\nhello\r\n0\r\n X: y\r\n\r\n",
                "5\r\nhello\r\n0\r\nX: y\n\r\n",
                "5\r\nhello\r\n0\r\nX: a\u0000\r\n\r\n",
                "5\r\nhello\r\n0\r\nX : y\r\n\r\n",
                "5\r\nhello\r\n0\r\n: y\r\n\r\n",
                "4\r\nhello\r\n0\r\n\r\n",
                "5\r\nhello\r\n-0\r\n\r\n",
                "5\r\nhello\r\n 0\r\n\r\n",
                "5\rXhello\r\n0\r\n\r\n")) {
            refused("chunks [" + shown(bytes) + "]", POST + "Transfer-Encoding: chunked\r\n\r\n" + bytes);
        }
    }
}
