package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.http.h2.ErrorType;
import dev.weft.http.h2.SessionOptions;
import dev.weft.model.policy.ClientLimits;
import dev.weft.model.policy.Http2Frames;
import dev.weft.model.policy.Http2Limits;
import dev.weft.model.policy.RetryPolicy;
import dev.weft.model.traffic.EdgeListener;
import dev.weft.model.traffic.EdgeRules;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What one connection in HTTP/2 may have under way at the edge, as declared. */
class Http2LimitsTest {

    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int GOAWAY = 7;
    private static final int WINDOW_UPDATE = 8;
    private static final int UNKNOWN = 0xbb;

    private static final int HEADER_TABLE_SIZE = 1;
    private static final int MAX_CONCURRENT_STREAMS = 3;
    private static final int INITIAL_WINDOW_SIZE = 4;
    private static final int MAX_FRAME_SIZE = 5;

    private final Stage stage = new Stage();
    private final int port = Ports.free();

    @AfterEach
    void close() throws IOException {
        stage.close();
    }

    /** A service that reads what it is sent and never answers. */
    private void silent(EdgeListener listener, Http2Limits limits) throws IOException {
        Upstream shop = stage.upstream((peer, _) -> {
            peer.readHead();
            peer.read(Integer.MAX_VALUE);
        });
        stage.scene
                .edge(listener)
                .rules(EdgeRules.DEFAULT.with(ClientLimits.DEFAULT.with(limits)))
                .host("shop.test", "shop", Duration.ofSeconds(60), RetryPolicy.NONE)
                .group("shop", Scene.plain(shop.port()));
        stage.show();
    }

    private EdgeListener listener(int streamsMax) {
        return new EdgeListener(
                "http", Scene.SOURCE, "127.0.0.1", port, false, List.of(), List.of(), true, 0, streamsMax, List.of());
    }

    private StreamClient client() throws IOException {
        return stage.closing(new StreamClient(port)).settle();
    }

    @Test
    void holdForTheWholeEdgeWhereAListenerSaysNothing() throws IOException {
        silent(listener(0), Http2Limits.DEFAULT.withStreamsMax(3));
        assertThat(client().streamsAllowed).isEqualTo(3);
    }

    @Test
    void areTheListenersOwnWhereItSaysSo() throws IOException {
        silent(listener(2), Http2Limits.DEFAULT);
        assertThat(client().streamsAllowed).isEqualTo(2);
    }

    @Test
    void letAsMuchOfABodyComeAsItsWindowIsLarge() throws IOException {
        silent(listener(0), new Http2Limits(100, 300_000, 1 << 20, 0, 250, Duration.ofSeconds(1), Http2Frames.DEFAULT));
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        SessionOptions options = SessionOptions.DEFAULT.scheme("http");
        StreamClient client = stage.closing(new StreamClient(socket, options)).settle();
        int stream = client.open("POST / HTTP/1.1|host: shop.test||", false);
        client.data(stream, "x".repeat(250_000), false);
        assertThat(client.takesMore(stream)).isTrue();
        client.data(stream, "x".repeat(100_000), false);
        assertThat(client.takesMore(stream)).isFalse();
    }

    @Test
    void areEnvoysWhereNothingIsSaid() throws IOException {
        silent(listener(0), Http2Limits.DEFAULT);
        Map<Integer, Integer> said = new HashMap<>();
        int connectionWindow = 65_535;
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(frame(0, SETTINGS, 0));
            DataInputStream in = new DataInputStream(socket.getInputStream());
            while (connectionWindow == 65_535) {
                int first = in.readInt();
                in.readNBytes(5);
                ByteBuffer payload = ByteBuffer.wrap(in.readNBytes(first >>> 8));
                while ((first & 0xff) == SETTINGS && payload.hasRemaining()) {
                    said.put((int) payload.getShort(), payload.getInt());
                }
                if ((first & 0xff) == WINDOW_UPDATE) {
                    connectionWindow += payload.getInt();
                }
            }
        }
        assertThat(said)
                .containsEntry(HEADER_TABLE_SIZE, 4 * 1024)
                .containsEntry(MAX_CONCURRENT_STREAMS, 100)
                .containsEntry(INITIAL_WINDOW_SIZE, 64 * 1024)
                .containsEntry(MAX_FRAME_SIZE, 16 * 1024);
        assertThat(connectionWindow).isEqualTo(1024 * 1024);
    }

    @Test
    void endAConnectionThatGivesUpMoreThanItMay() throws IOException {
        silent(listener(0), new Http2Limits(100, 65_535, 1 << 20, 0, 5, Duration.ofSeconds(30), Http2Frames.DEFAULT));
        StreamClient client = client();
        for (int i = 0; i < 10; i++) {
            client.cancel(client.get("shop.test", "/"));
        }
        client.readGoAway();
        assertThatThrownBy(() -> client.read(client.get("shop.test", "/"))).isInstanceOf(IOException.class);
    }

    @Test
    void endAConnectionWhoseHeadHasMorePartsThanItMay() throws IOException {
        Http2Frames one = new Http2Frames(Http2Frames.BYTES_LEAST, 1, 1, 100, 10, 1_000, 10_000, 10_000);
        silent(listener(0), new Http2Limits(100, 65_535, 1 << 20, 4096, 250, Duration.ofSeconds(1), one));
        StreamClient client = client();
        // 40,000 bytes that Huffman's code does not shorten: HEADERS, and two CONTINUATION frames
        client.open("GET / HTTP/1.1|host: shop.test|x: " + "\\".repeat(40_000) + "||", true);
        client.readGoAway();
    }

    @Test
    void takeFramesAsLongAsIsSaid() throws IOException {
        Http2Frames longer = new Http2Frames(40_000, 8, 1, 100, 10, 1_000, 10_000, 10_000);
        silent(listener(0), new Http2Limits(100, 65_535, 1 << 20, 4096, 250, Duration.ofSeconds(1), longer));
        assertThat(answerToFrameOf(40_000)).isEqualTo("ping");
        assertThat(answerToFrameOf(40_001)).isEqualTo("goaway " + ErrorType.FRAME_SIZE_ERROR.code());
    }

    /** Sends a frame of an unknown type, which is passed over, and a PING behind it. */
    private String answerToFrameOf(int bytes) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(20_000);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            out.writeBytes(frame(0, SETTINGS, 0));
            out.writeBytes(frame(bytes, UNKNOWN, 0));
            out.writeBytes(frame(8, PING, 0));
            socket.getOutputStream().write(out.toByteArray());
            DataInputStream in = new DataInputStream(socket.getInputStream());
            while (true) {
                int first = in.readInt();
                in.readNBytes(5);
                byte[] payload = in.readNBytes(first >>> 8);
                switch (first & 0xff) {
                    case PING -> {
                        return "ping";
                    }
                    case GOAWAY -> {
                        return "goaway " + payload[7];
                    }
                    default -> {}
                }
            }
        }
    }

    private static byte[] frame(int length, int type, int flags) {
        return ByteBuffer.allocate(9 + length)
                .putInt(length << 8 | type)
                .put((byte) flags)
                .array();
    }
}
