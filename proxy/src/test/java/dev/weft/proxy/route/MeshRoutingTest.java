package dev.weft.proxy.route;

import static dev.weft.proxy.route.Given.destination;
import static dev.weft.proxy.route.Given.frontend;
import static dev.weft.proxy.route.Given.mesh;
import static dev.weft.proxy.route.Given.prefix;
import static dev.weft.proxy.route.Given.rule;
import static dev.weft.proxy.route.Given.table;
import static dev.weft.proxy.route.Given.to;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.traffic.ServicePort;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MeshRoutingTest {

    private final RouteTable table = table(mesh(Map.of(
            ServicePort.parse("default/quote:80"), frontend("quote", rule(prefix("/"), to("here"))),
            ServicePort.parse("default/quote:8080"), frontend("quote8080", rule(prefix("/"), to("other-port"))),
            ServicePort.parse("shop/quote:80"), frontend("shop-quote", rule(prefix("/"), to("there"))))));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "quote",
                "quote:80",
                "quote.",
                "QUOTE",
                "quote.default",
                "quote.default.svc",
                "quote.default.svc.cluster.local",
                "quote.default.svc.cluster.local.",
                "Quote.Default.SVC.Cluster.Local:80"
            })
    void readsANameAsClusterDnsWould(String authority) {
        assertThat(called(authority)).isEqualTo("here");
    }

    @Test
    void looksUpAShortNameInTheCallersNamespace() {
        assertThat(destination(table.routeMesh("shop", TextHead.get("quote", "/"), 0)))
                .isEqualTo("there");
        assertThat(called("quote.shop")).isEqualTo("there");
    }

    @Test
    void tellsPortsOfOneServiceApart() {
        assertThat(called("quote:8080")).isEqualTo("other-port");
        assertThat(reason("quote.default.svc:9090"))
                .isEqualTo("Service quote.default has no port 9090 (it has 80, 8080).");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "svc",
                "nobody",
                "quote.nowhere",
                "quote.default.example",
                "svc.cluster.local",
                "1.2.3.4",
                "[::1]"
            })
    void refusesANameThatIsNoService(String authority) {
        assertThat(called(authority)).isEqualTo("service-unknown");
        assertThat(reason(authority))
                .isEqualTo("\"" + authority + "\", called from namespace default, names no Service of this platform.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"quote:", "quote:x", "quote:0", "quote:65536", "quote:80808080808080"})
    void refusesAPortThatIsNone(String authority) {
        assertThat(called(authority)).isEqualTo("service-unknown");
    }

    private String called(String authority) {
        return destination(table.routeMesh("default", TextHead.get(authority, "/"), 0));
    }

    private String reason(String authority) {
        return table.routeMesh("default", TextHead.get(authority, "/"), 0) instanceof Routing.Refusal refusal
                ? refusal.reason()
                : "";
    }
}
