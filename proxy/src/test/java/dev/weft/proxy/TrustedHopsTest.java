package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.traffic.EdgeListener;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whom the edge takes for the client, where there are proxies in front of it and where there are none. */
class TrustedHopsTest {

    private final Stage stage = new Stage();
    private final int port = Ports.free();

    @AfterEach
    void close() throws IOException {
        stage.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "0; ; x-forwarded-for: 127.0.0.1|x-forwarded-proto: http",
                "0; X-Forwarded-For: 192.0.2.1|; x-forwarded-for: 192.0.2.1, 127.0.0.1|x-forwarded-proto: http",
                "0; X-Forwarded-Proto: https|; x-forwarded-for: 127.0.0.1|x-forwarded-proto: http",
                "0; X-Forwarded-For: a|X-Forwarded-For: b|; x-forwarded-for: a, b, 127.0.0.1|x-forwarded-proto: http",
                "1; X-Forwarded-Proto: https|; x-forwarded-for: 127.0.0.1|x-forwarded-proto: https",
                "1; X-Forwarded-Proto: gopher|; x-forwarded-for: 127.0.0.1|x-forwarded-proto: http",
                "1; X-Forwarded-For: 192.0.2.1|; x-forwarded-for: 192.0.2.1, 127.0.0.1|x-forwarded-proto: http",
                "2; X-Forwarded-For: a, b|; x-forwarded-for: a, b, 127.0.0.1|x-forwarded-proto: http"
            })
    void tellsTheServiceWhereTheClientIs(int hops, String says, String expected) throws IOException {
        Upstream shop = stage.answering("HTTP/1.1 200 OK|Content-Length: 5||hello");
        stage.scene
                .edge(new EdgeListener(
                        "http", Scene.SOURCE, "127.0.0.1", port, false, List.of(), List.of(), true, hops))
                .host("shop.test", "shop")
                .group("shop", Scene.plain(shop.port()));
        stage.show();
        stage.client(port)
                .send("GET / HTTP/1.1|Host: shop.test|" + (says == null ? "" : says) + "|")
                .read();
        assertThat(shop.heads().getFirst().toLowerCase(Locale.ROOT)).contains("|" + expected + "|");
    }
}
