package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.policy.AddressRange;
import dev.weft.model.policy.Balancing;
import dev.weft.model.policy.CircuitBreaking;
import dev.weft.model.policy.ConnectionLimits;
import dev.weft.model.policy.TrafficPolicy;
import dev.weft.model.traffic.EdgeListener;
import dev.weft.model.traffic.Endpoint;
import dev.weft.model.traffic.EndpointGroup;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What keeps requests at one endpoint beside a cookie, over all loops: a header's value, and who sends them. */
class HashKeysTest {

    private static final int SHOPS = 5;
    private static final int CALLERS = 12;
    private static final String GET = "GET / HTTP/1.1|Host: shop.test|";

    private final Stage stage = new Stage();
    private final int port = Ports.free();

    /** A port of the client's, which is another each time. */
    private int from = 40_000;

    @BeforeEach
    void listen() {
        stage.scene
                .edge(new EdgeListener(
                        "edge",
                        Scene.SOURCE,
                        "127.0.0.1",
                        port,
                        false,
                        List.of(),
                        List.of(),
                        true,
                        0,
                        0,
                        List.of(AddressRange.parse("127.0.0.0/8"))))
                .host("shop.test", "shop");
    }

    @AfterEach
    void close() throws IOException {
        stage.close();
    }

    private void shops(Balancing balancing) throws IOException {
        List<Endpoint> endpoints = new ArrayList<>();
        for (int i = 0; i < SHOPS; i++) {
            endpoints.add(Scene.plain(
                    stage.answering("HTTP/1.1 200 OK|Content-Length: 1||" + i).port()));
        }
        TrafficPolicy policy = new TrafficPolicy(
                balancing, Duration.ZERO, TrafficPolicy.Zones.ANY, CircuitBreaking.OFF, ConnectionLimits.NONE, false);
        stage.scene.group(new EndpointGroup(Scene.service("shop"), endpoints, false, 0).with(policy));
        stage.show();
    }

    private String shop(int address, String header) throws IOException {
        from++;
        String line = "PROXY TCP4 192.0.2." + address + " 198.51.100.2 " + from + " 443|";
        return stage.client(port).send(line + GET + header + "|").read().body();
    }

    private interface Request {
        String of(int caller) throws IOException;
    }

    /** Each caller is served by one, and not all by the same. */
    private static void staysWith(Request request) throws IOException {
        Set<String> all = new HashSet<>();
        for (int caller = 0; caller < CALLERS; caller++) {
            String first = request.of(caller);
            all.add(first);
            for (int i = 0; i < 4; i++) {
                assertThat(request.of(caller)).isEqualTo(first);
            }
        }
        assertThat(all).hasSizeGreaterThan(1);
    }

    private static Balancing by(boolean ring, Balancing.HashKey key) {
        return ring ? new Balancing.RingHash(key) : new Balancing.Maglev(key);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void keepsAHeadersValueAtItsEndpointWhoeverSendsIt(boolean ring) throws IOException {
        shops(by(ring, new Balancing.HashKey.Header("x-user")));
        IntFunction<String> header = caller -> "x-other: " + from + "|X-User: user-" + caller + "|";
        staysWith(caller -> shop(from % 250, header.apply(caller)));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void keepsAClientsAddressAtItsEndpointWhateverItsPort(boolean ring) throws IOException {
        shops(by(ring, new Balancing.HashKey.SourceAddress()));
        staysWith(caller -> shop(caller, "x-user: " + from + "|"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void sendsARequestWithoutItsKeyAnywhere(boolean ring) throws IOException {
        shops(by(ring, new Balancing.HashKey.Header("x-user")));
        Set<String> all = new HashSet<>();
        for (int i = 0; i < 60; i++) {
            all.add(shop(1, ""));
        }
        assertThat(all).hasSizeGreaterThan(1);
    }
}
