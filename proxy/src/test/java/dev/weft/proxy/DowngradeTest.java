package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Requests on HTTP/2 that would be two, or others, if they were written down as HTTP/1.1 word for word (RFC 9113 section 8.2.1
 * and 10.3): a strict server behind the proxy sees each as it was meant, or does not see it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DowngradeTest {

    private static final String SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: shop.test\r\n\r\n";
    private static final int HEADERS = 1;
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;

    private final Stage stage = new Stage();
    private final int edge = Ports.free();
    private StrictBackend backend;

    /**
     * One case.
     *
     * @param fields name and value in turn, as they go out
     */
    record Case(String name, boolean refused, List<String> fields, String body) {
        @Override
        public String toString() {
            return SmugglingCases.shown(name);
        }
    }

    @BeforeAll
    void open() throws Exception {
        backend = stage.closing(new StrictBackend());
        stage.scene.edge(edge).host("shop.test", "shop").group("shop", Scene.plain(backend.port()));
        stage.show();
    }

    @AfterAll
    void close() throws IOException {
        stage.close();
    }

    private static final List<String> FIRST =
            List.of(":method", "POST", ":scheme", "http", ":authority", "shop.test", ":path", "/first");

    private static Case with(boolean refused, String body, String... fields) {
        List<String> all = new ArrayList<>(FIRST);
        all.addAll(List.of(fields));
        return new Case(String.join(" ", fields) + " [" + body + "]", refused, all, body);
    }

    /** The usual head with one pseudo-field replaced. */
    private static Case pseudo(String name, String value) {
        List<String> all = new ArrayList<>(FIRST);
        all.set(all.indexOf(name) + 1, value);
        return new Case(name + " " + value, true, all, "");
    }

    static Stream<Case> cases() {
        List<Case> all = new ArrayList<>();
        all.add(with(false, "hello"));
        all.add(with(false, "hello", "content-length", "5"));
        all.add(with(false, "0\r\n\r\n" + SMUGGLED));
        all.add(with(false, SMUGGLED, "content-length", Integer.toString(SMUGGLED.length())));
        all.add(with(false, "hello", "te", "trailers"));
        for (String length :
                List.of("0", "4", "6", "+5", "-5", "5,5", "5 5", "0x5", "5\r\n", "", "99999999999999999999")) {
            all.add(with(true, "hello", "content-length", length));
        }
        all.add(with(true, "hello", "content-length", "5", "content-length", "6"));
        for (String coding : List.of("chunked", "Chunked", "identity", "gzip, chunked", "\u000bchunked")) {
            all.add(with(true, "0\r\n\r\n" + SMUGGLED, "transfer-encoding", coding));
        }
        all.add(with(true, SMUGGLED, "connection", "close"));
        all.add(with(true, SMUGGLED, "connection", "content-length"));
        all.add(with(true, "", "keep-alive", "timeout=5"));
        all.add(with(true, "", "proxy-connection", "keep-alive"));
        all.add(with(true, "", "upgrade", "h2c"));
        all.add(with(true, "", "te", "gzip"));
        for (String value : List.of(
                "y\r\n\r\n" + SMUGGLED,
                "y\r\ntransfer-encoding: chunked",
                "y\nz: w",
                "y\rz",
                "y\u0000",
                "\r\n",
                "\n")) {
            all.add(with(true, "", "x", value));
        }
        for (String name : List.of("x\r\ny", "x: y", "x y", "X", "x\u0000", "", "x\n", " x", "x:", "\u00e9")) {
            all.add(with(true, "", name, "z"));
        }
        for (String path : List.of(
                "/first HTTP/1.1\r\nhost: shop.test\r\n\r\n" + SMUGGLED + "GET /x",
                "/first x",
                "/first\r\n",
                "/first\n",
                "/first\u0000",
                "",
                "first",
                "*")) {
            all.add(pseudo(":path", path));
        }
        for (String method : List.of("GET /smuggled HTTP/1.1\r\nx:", "PO ST", "POST\r\n", "", "P\u0000", "(POST)")) {
            all.add(pseudo(":method", method));
        }
        for (String authority : List.of(
                "shop.test\r\n\r\n" + SMUGGLED,
                "shop.test\r\nx: y",
                "shop.test x",
                "shop.test/x",
                "a@shop.test",
                "\n")) {
            all.add(pseudo(":authority", authority));
        }
        all.add(pseudo(":scheme", "http://evil/ HTTP/1.1\r\nx: y"));
        all.add(with(true, "", ":path", "/second"));
        all.add(with(true, "", ":method", "GET"));
        all.add(with(true, "", ":unknown", "x"));
        all.add(with(true, "", "x", "y", ":authority", "other.test"));
        all.add(with(true, "", "host", "other.test"));
        all.add(with(true, "", "host", "shop.test", "host", "other.test"));
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theServerSeesWhatWasMeantOrNothing(Case given) throws IOException {
        backend.forget();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), edge)) {
            socket.setSoTimeout(Client.PATIENCE_MILLIS);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            frame(out, 4, 0, 0, new byte[0]);
            frame(out, HEADERS, END_HEADERS | (given.body().isEmpty() ? END_STREAM : 0), 1, block(given.fields()));
            if (!given.body().isEmpty()) {
                frame(out, 0, END_STREAM, 1, given.body().getBytes(StandardCharsets.ISO_8859_1));
            }
            List<String> canary =
                    List.of(":method", "GET", ":scheme", "http", ":authority", "shop.test", ":path", "/canary");
            frame(out, HEADERS, END_HEADERS | END_STREAM, 3, block(canary));
            socket.getOutputStream().write(out.toByteArray());
            readUntilBothEnded(new DataInputStream(socket.getInputStream()));
        }
        assertThat(backend.refused())
                .as("requests that the server could not read")
                .isZero();
        List<StrictBackend.Seen> first = backend.seen().stream()
                .filter(seen -> !seen.target().equals("/canary"))
                .toList();
        if (given.refused()) {
            assertThat(first).isEmpty();
        } else {
            assertThat(first).containsExactly(new StrictBackend.Seen("POST", "/first", given.body()));
            assertThat(backend.seen()).hasSize(2);
        }
    }

    /** RFC 9113 section 8.3.1: who translates from HTTP/1.1 may say Host alone; a request for no host is nobody's. */
    @ParameterizedTest
    @CsvSource({"host, shop.test, 1", "x, shop.test, 0", "host, '', 0"})
    void aHostStandsInForTheAuthority(String name, String value, int arrives) throws IOException {
        backend.forget();
        List<String> fields = List.of(":method", "GET", ":scheme", "http", ":path", "/alone", name, value);
        List<String> canary =
                List.of(":method", "GET", ":scheme", "http", ":authority", "shop.test", ":path", "/canary");
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), edge)) {
            socket.setSoTimeout(Client.PATIENCE_MILLIS);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            frame(out, 4, 0, 0, new byte[0]);
            frame(out, HEADERS, END_HEADERS | END_STREAM, 1, block(fields));
            frame(out, HEADERS, END_HEADERS | END_STREAM, 3, block(canary));
            socket.getOutputStream().write(out.toByteArray());
            readUntilBothEnded(new DataInputStream(socket.getInputStream()));
        }
        assertThat(backend.refused()).isZero();
        assertThat(backend.seen())
                .filteredOn(seen -> seen.target().equals("/alone"))
                .hasSize(arrives);
        assertThat(backend.seen())
                .filteredOn(seen -> seen.target().equals("/canary"))
                .hasSize(1);
    }

    private static void frame(ByteArrayOutputStream out, int type, int flags, int stream, byte[] payload) {
        out.write(payload.length >> 16);
        out.write(payload.length >> 8);
        out.write(payload.length);
        out.write(type);
        out.write(flags);
        out.writeBytes(new byte[] {0, 0, 0, (byte) stream});
        out.writeBytes(payload);
    }

    /** Literals without indexing and without Huffman's code (RFC 7541 section 6.2.2). */
    private static byte[] block(List<String> fields) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < fields.size(); i += 2) {
            out.write(0);
            string(out, fields.get(i));
            string(out, fields.get(i + 1));
        }
        return out.toByteArray();
    }

    private static void string(ByteArrayOutputStream out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        if (bytes.length < 127) {
            out.write(bytes.length);
        } else {
            out.write(127);
            out.write(bytes.length - 127); // shorter than 255 here
        }
        out.writeBytes(bytes);
    }

    /** Both streams are answered or reset, or the connection has ended. */
    private static void readUntilBothEnded(DataInputStream in) throws IOException {
        int ended = 0;
        try {
            while (ended < 2) {
                int length = (in.readUnsignedByte() << 16) | in.readUnsignedShort();
                int type = in.readUnsignedByte();
                int flags = in.readUnsignedByte();
                int stream = in.readInt();
                in.skipNBytes(length);
                boolean last = type <= HEADERS && (flags & END_STREAM) != 0;
                ended += stream > 0 && (last || type == 3) ? 1 : 0;
            }
        } catch (EOFException | SocketException _) {
            // a connection that the proxy took for broken
        }
    }
}
