package dev.weft.cli.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.catalog.Catalog;
import dev.weft.catalog.CatalogOptions;
import dev.weft.catalog.export.AccessLog;
import dev.weft.catalog.export.Exports;
import dev.weft.catalog.export.LogCondition;
import dev.weft.catalog.export.LogFormat;
import dev.weft.model.outcome.Hop;
import dev.weft.model.policy.RetryPolicy;
import dev.weft.proxy.Proxy;
import dev.weft.resources.MemoryStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.jetty.server.Server;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client says in confidence stands in no log and no tap, and nothing that it says ends a line there. */
final class SecretsTest {

    private static final int LINES = 6;
    private static final String SECRETS = String.join(
            "\r\n",
            "authorization: Bearer s3cret",
            "cookie: id=s3cret",
            "x-api-key: s3cret",
            "referer: http://a.test/?token=s3cret",
            "user-agent: a\tb\u0085\"c\\",
            "connection: close",
            "",
            "");

    private final AtomicBoolean over = new AtomicBoolean();

    @ParameterizedTest
    @ValueSource(strings = {"json", "combined", "text"})
    void areInNoLogAndNoTap(String format, @TempDir Path folder) throws Exception {
        Path file = folder.resolve("access.log");
        AccessLog log = new AccessLog(LogFormat.of(format, ""), LogCondition.ALL, Set.of(Hop.EDGE), Optional.of(file));
        Server server = new Server(0);
        Village village = new Village();
        try (log;
                village;
                Catalog catalog = new Catalog(new MemoryStore(), village, Clock.systemUTC(), CatalogOptions.DEFAULT)) {
            int program = village.program(
                    _ -> Optional.of("HTTP/1.1 200 OK\r\nset-cookie: id=s3cret\r\ncontent-length: 2\r\n\r\nok"));
            village.host("shop", RetryPolicy.DEFAULT, Village.plain(program));
            Proxy proxy = village.proxy(catalog.listener());
            catalog.onTap(proxy::tapping);
            catalog.export(new Exports(Optional.of(log), Optional.empty()));
            proxy.noting(log.headers());
            server.setHandler(catalog.handlers().get("tap"));
            server.start();
            Thread load = Thread.ofVirtual().start(() -> ask(village.edge));
            List<String> lines = tapped(server);
            while (log.written() < LINES) {
                LockSupport.parkNanos(1_000_000);
            }
            over.set(true);
            load.join();
            lines.addAll(Files.readAllLines(file, StandardCharsets.UTF_8));
            assertThat(lines)
                    .allSatisfy(line -> assertThat(line).doesNotContain("s3cret"))
                    .anySatisfy(line -> assertThat(line).contains("404"))
                    .anySatisfy(line -> assertThat(line).contains("200"));
            assertThat(Files.readString(file).replace("\n", "")).doesNotContainPattern("\\p{Cc}");
        } finally {
            server.stop();
        }
    }

    private static List<String> tapped(Server server) throws IOException {
        List<String> lines = new ArrayList<>();
        try (BufferedReader tap = new BufferedReader(
                new InputStreamReader(server.getURI().toURL().openStream(), StandardCharsets.UTF_8))) {
            for (String line = tap.readLine(); line != null && lines.size() < LINES; line = tap.readLine()) {
                if (line.startsWith("{")) {
                    lines.add(line);
                }
            }
        }
        return lines;
    }

    /** One request that is answered and one that is refused, in turn. */
    private void ask(int port) {
        for (int i = 0; !over.get(); i++) {
            String host = i % 2 == 0 ? "shop.test" : "nobody.test";
            String request = "GET /?token=s3cret HTTP/1.1\r\nhost: " + host + "\r\n" + SECRETS;
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
                socket.getInputStream().readAllBytes();
            } catch (IOException _) {
                // a refused one may be reset; the next is another
            }
            LockSupport.parkNanos(2_000_000);
        }
    }
}
