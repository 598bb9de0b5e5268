package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.outcome.Hop;
import dev.weft.model.policy.AddressRange;
import dev.weft.model.policy.AddressRules;
import dev.weft.model.traffic.EdgeListener;
import dev.weft.model.traffic.EdgeRules;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whom the edge serves by address, where it is the connection's and where a proxy in front says it. */
class AddressRulesTest {

    private final Stage stage = new Stage();
    private final int port = Ports.free();

    @AfterEach
    void close() throws IOException {
        stage.close();
    }

    private static List<AddressRange> ranges(String text) {
        return text == null
                ? List.of()
                : Stream.of(text.split(" ")).map(AddressRange::parse).toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "true; 127.0.0.0/8; ; ; 0; 200",
                "true; 10.0.0.0/8 127.0.0.1; ; ; 0; 200",
                "true; 10.0.0.0/8; ; ; 0; 403",
                "true; ::/0; ; ; 0; 403",
                "true; ; 192.0.2.0/24; 192.0.2.9; 1; 200",
                "true; ; 192.0.2.0/24; 192.0.3.9; 1; 403",
                "true; ; 192.0.2.0/24; unknown; 1; 403",
                "true; ; 2001:db8::/32; 2001:db8:1::5; 1; 200",
                "true; ; 0.0.0.0/0; nonsense; 1; 403",
                "false; 127.0.0.1; ; 192.0.2.9; 1; 403",
                "false; ; 192.0.2.8/31; 192.0.2.9; 1; 403",
                "false; ; 192.0.2.8/31; 192.0.2.10; 1; 200",
                "false; ; 192.0.2.8/31; nonsense; 1; 403",
                "true; ; 192.0.2.0/24; 192.0.2.9, 10.0.0.1; 2; 200",
                "true; ; 192.0.2.0/24; 10.0.0.1, 192.0.2.9; 2; 403",
                "true; ; 192.0.2.0/24; 192.0.2.9, 10.0.0.1, 10.0.0.2; 2; 403",
                "true; ; 192.0.2.0/24; 192.0.2.9; 2; 403",
                "false; ; 192.0.2.9; 192.0.2.9, 10.0.0.1; 2; 403"
            })
    void servesThoseThatItServes(boolean allow, String peers, String clients, String told, int hops, int status)
            throws IOException {
        Upstream shop = stage.answering("HTTP/1.1 200 OK|Content-Length: 5||hello");
        stage.scene
                .edge(new EdgeListener(
                        "http", Scene.SOURCE, "127.0.0.1", port, false, List.of(), List.of(), true, hops))
                .rules(EdgeRules.DEFAULT.with(new AddressRules(allow, ranges(peers), ranges(clients))))
                .host("shop.test", "shop")
                .group("shop", Scene.plain(shop.port()));
        stage.show();
        String forwarded = told == null ? "" : "X-Forwarded-For: " + told + "|";
        Client.Answer answer = stage.client(port)
                .send("GET / HTTP/1.1|Host: shop.test|" + forwarded + "|")
                .read();
        assertThat(answer.status()).isEqualTo(status);
        assertThat(stage.outcomes.next(Hop.EDGE).error().filter(error -> error == ErrorCode.ADDRESS_REFUSED))
                .isEqualTo(
                        status == 403 ? java.util.Optional.of(ErrorCode.ADDRESS_REFUSED) : java.util.Optional.empty());
        assertThat(shop.heads()).hasSize(status == 200 ? 1 : 0);
    }
}
