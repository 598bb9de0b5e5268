package dev.weft.runtime.probe;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.weft.runtime.process.Execution;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

@Timeout(60)
class ProberTests {

    private static final Prober.Reach HERE = new Prober.Reach() {
        @Override
        public Socket socket() {
            return new Socket();
        }

        @Override
        public Execution execute(List<String> command) throws IOException {
            throw new IOException("nothing is started here");
        }
    };

    private static Optional<String> ask(String probe) {
        return Prober.ask(Probe.read(JsonMapper.shared().readTree(probe.replace('\'', '"'))), List.of(), HERE);
    }

    @Test
    void anAnswerThatTricklesInIsGivenUpWhenTheTimeIsUp() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread trickling = Thread.ofVirtual().start(() -> trickle(server));
            assertThat(ask("{'httpGet': {'port': " + server.getLocalPort() + "}, 'timeoutSeconds': 1}"))
                    .contains("GET / on port " + server.getLocalPort() + ": no answer within 1 s");
            trickling.join();
        }
    }

    /** A byte every tenth of a second: each of them comes in time, until the other side has gone. */
    private static void trickle(ServerSocket server) {
        try (Socket accepted = server.accept()) {
            OutputStream out = accepted.getOutputStream();
            for (int i = 0; i < 200; i++) {
                out.write('x');
                LockSupport.parkNanos(100_000_000);
            }
        } catch (IOException _) {
            return; // it has gone
        }
    }

    @Test
    void aProbeByHttpsTakesWhateverCertificate(@TempDir Path folder) throws Exception {
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
        server.setHttpsConfigurator(new HttpsConfigurator(selfSigned(folder)));
        server.createContext("/well", exchange -> exchange.sendResponseHeaders(204, -1));
        server.createContext("/ill", exchange -> exchange.sendResponseHeaders(500, -1));
        server.start();
        try {
            int port = server.getAddress().getPort();
            String probe = "{'httpGet': {'port': " + port + ", 'scheme': 'HTTPS', 'path': '%s'}, 'timeoutSeconds': 30}";
            assertThat(ask(probe.formatted("/well"))).isEmpty();
            assertThat(ask(probe.formatted("/ill"))).contains("HTTPS GET /ill on port " + port + ": status 500");
        } finally {
            server.stop(0);
        }
    }

    private static SSLContext selfSigned(Path folder) throws Exception {
        Path file = folder.resolve("keys");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=somebody",
                        "-alias",
                        "own",
                        "-storepass",
                        "sesame",
                        "-keystore",
                        file.toString())
                .inheritIO()
                .start();
        assertThat(keytool.waitFor()).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            keys.load(in, "sesame".toCharArray());
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, "sesame".toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }
}
