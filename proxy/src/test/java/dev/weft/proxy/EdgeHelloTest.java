package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How the edge answers a client's first message of TLS, written by hand: of versions and groups that no JDK offers. */
class EdgeHelloTest {

    private static final int ALERT = 21;
    private static final int HANDSHAKE = 22;

    /** RFC 8446 section 6: fatal, {@code protocol_version}. */
    private static final String WRONG_VERSION = "0246";

    private static final String X25519 = "001d";
    private static final String USUAL = "0017" + X25519; // P-256, on which the certificate is
    private static final String X25519_ML_KEM_768 = "11ec";

    /** ECDHE with ECDSA and AES: in GCM, and in CBC, which is all that TLS 1.1 has. */
    private static final String CIPHERS = "c02bc009";

    private static final String AES_128_GCM = "1301";
    private static final String VERSIONS_OF_1_3 = extension("002b", "020304");
    private static final String NO_KEY_YET = extension("0033", "0000");

    /** RFC 8446 section 4.1.3: the random that makes a ServerHello a HelloRetryRequest. */
    private static final String RETRY = "cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c";

    private final Stage stage = new Stage();
    private final int port = Ports.free();

    private record Message(int type, String hex) {}

    @BeforeEach
    void openEdge() throws IOException {
        Upstream shop = stage.answering("HTTP/1.1 200 OK|Content-Length: 5||hello");
        stage.scene
                .edge(port, stage.authority.forHost("shop.test"))
                .host("shop.test", "shop")
                .group("shop", Scene.plain(shop.port()));
        stage.show();
    }

    @AfterEach
    void close() throws IOException {
        stage.close();
    }

    private static String extension(String type, String hex) {
        return type + "%04x".formatted(hex.length() / 2) + hex;
    }

    private static String list(String hex) {
        return "%04x".formatted(hex.length() / 2) + hex;
    }

    private Message answer(String version, String ciphers, String groups, String more) throws IOException {
        String name = HexFormat.of().formatHex("shop.test".getBytes(StandardCharsets.US_ASCII));
        String extensions = extension("0000", list("00" + list(name)))
                + extension("000a", list(groups))
                + extension("000b", "0100")
                + extension("000d", list("040308040401"))
                + more;
        String body = version + "5a".repeat(32) + "00" + list(ciphers) + "0100" + list(extensions);
        ByteArrayOutputStream hello = new ByteArrayOutputStream();
        hello.writeBytes(HexFormat.of().parseHex("160301" + list("01" + "%06x".formatted(body.length() / 2) + body)));
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(Client.PATIENCE_MILLIS);
            socket.getOutputStream().write(hello.toByteArray());
            DataInputStream in = new DataInputStream(socket.getInputStream());
            int type = in.readUnsignedByte();
            in.readUnsignedShort();
            return new Message(type, HexFormat.of().formatHex(in.readNBytes(in.readUnsignedShort())));
        }
    }

    @Test
    void refusesTls11AndOlder() throws IOException {
        assertThat(answer("0303", CIPHERS, USUAL, "").type()).as("TLS 1.2").isEqualTo(HANDSHAKE);
        for (String old : new String[] {"0302", "0301", "0300"}) {
            assertThat(answer(old, CIPHERS, USUAL, "")).as(old).isEqualTo(new Message(ALERT, WRONG_VERSION));
        }
    }

    /** Offered groups but no key, it says which group it would like one of. */
    @Test
    void agreesOnAKeyThatWithstandsQuantumComputersToo() throws IOException {
        for (String offered : new String[] {X25519_ML_KEM_768, X25519_ML_KEM_768 + X25519}) {
            Message retry = answer("0303", AES_128_GCM, offered, VERSIONS_OF_1_3 + NO_KEY_YET);
            assertThat(retry.type()).isEqualTo(HANDSHAKE);
            assertThat(retry.hex()).contains(RETRY).contains(extension("0033", X25519_ML_KEM_768));
        }
    }
}
