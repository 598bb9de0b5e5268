package dev.weft.cli.platform;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.cli.client.Refusal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PortsTests {

    @Test
    void namesThePortThatIsTakenAndTheOptionThatChangesIt() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = other.getLocalPort();

            assertThatThrownBy(() -> Ports.requireFree(Map.of("--http-port", port)))
                    .isInstanceOf(Refusal.class)
                    .hasMessage("port " + port + " is taken (choose another with --http-port)");
        }
    }

    @Test
    void refusesANumberThatIsNoPort() {
        assertThatThrownBy(() -> Ports.requireFree(Map.of("--http-port", 99_999)))
                .isInstanceOf(Refusal.class)
                .hasMessage("--http-port 99999 is no port (expected: 0 to 65535)");
    }

    @Test
    void refusesOnePortForTwoListeners() {
        int port = Ports.free(1).getFirst();

        assertThatThrownBy(() -> Ports.requireFree(Map.of("--http-port", port, "--https-port", port)))
                .isInstanceOf(Refusal.class)
                .hasMessage("port " + port + " is asked for twice (choose another with --http-port or --https-port)");
    }

    @Test
    void letsSeveralListenersHaveAnyFreePort() {
        assertThatCode(() -> Ports.requireFree(Map.of("--http-port", 0, "--https-port", 0)))
                .doesNotThrowAnyException();
    }
}
