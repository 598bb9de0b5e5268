package dev.weft.control.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.policy.ClientLimits;
import dev.weft.model.policy.HeadLimits;
import dev.weft.model.policy.Http2Frames;
import dev.weft.model.policy.Http2Limits;
import dev.weft.model.traffic.EdgeListener;
import dev.weft.model.traffic.EdgeRules;
import dev.weft.model.traffic.RouteFilter;
import dev.weft.model.traffic.Snapshot;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What the edge takes of its clients, from the Module, its annotations, Listeners and Mappings. */
class ClientLimitsTest {

    private static final String MODULE = """
            apiVersion: getambassador.io/v3alpha1
            kind: Module
            metadata:
              name: ambassador
              annotations:
                limit.weft.dev/connections: "500"
                limit.weft.dev/connections-per-listener: "400"
                limit.weft.dev/connections-per-address: "30"
                limit.weft.dev/heap-percent-caches: "80"
                limit.weft.dev/heap-percent-requests: "90"
                timeout.weft.dev/tls-handshake: 3s
                timeout.weft.dev/request-head: 5s
                timeout.weft.dev/request-body-gap: 1m
                %s
            spec:
              config:
                buffer: {max_request_bytes: 1048576}
                listener_idle_timeout_ms: 20000
                xff_num_trusted_hops: 2
            """;

    private static String listener(int port, String more) {
        return """
                apiVersion: getambassador.io/v3alpha1
                kind: Listener
                metadata: {name: l%d}
                spec:
                  port: %d
                  protocol: HTTP
                  securityModel: XFP
                  hostBinding: {namespace: {from: ALL}}
                """.formatted(port, port) + more.indent(2);
    }

    @Test
    void requestsAreNotToBeRefusedBeforeCachesAreDropped() {
        Given given = new Given()
                .yaml(MODULE.formatted("").replace("heap-percent-requests: \"90\"", "heap-percent-requests: \"70\""));
        assertThat(Given.problems(given.compile()))
                .singleElement()
                .asString()
                .contains("requests are refused from 70 % on", "(80 %)");
    }

    @Test
    void ofHeadsWithinTheMeshComeFromTheModuleToo() {
        String declared = """
                limit.weft.dev/mesh-head-bytes: "131072"
                    limit.weft.dev/mesh-header-fields: "400"
                """.strip();
        Snapshot snapshot = new Given().yaml(MODULE.formatted(declared)).compile();
        assertThat(Given.problems(snapshot)).isEmpty();
        assertThat(snapshot.meshHeads()).contains(new HeadLimits(128 * 1024, 16 * 1024, 400));
        assertThat(new Given().yaml(MODULE.formatted("")).compile().meshHeads()).isEmpty();
        Snapshot wrong = new Given()
                .yaml(MODULE.formatted("limit.weft.dev/mesh-head-bytes: \"131073\""))
                .compile();
        assertThat(Given.problems(wrong)).singleElement().asString().contains("from 4096 to 131072");
        assertThat(wrong.meshHeads()).isEmpty();
    }

    @Test
    void comeFromTheModuleNamedAmbassador() {
        ClientLimits limits =
                new Given().yaml(MODULE.formatted("")).compile().edgeRules().clients();
        assertThat(limits)
                .isEqualTo(ClientLimits.DEFAULT
                        .withBodyBytesMax(1_048_576)
                        .with(new ClientLimits.Connections(500, 400, 30))
                        .with(new ClientLimits.Heap(80, 90))
                        .with(new ClientLimits.Patience(
                                Duration.ofSeconds(3),
                                Duration.ofSeconds(5),
                                Duration.ofMinutes(1),
                                240,
                                Duration.ofSeconds(20))));
        assertThat(new Given().compile().edgeRules().clients()).isEqualTo(ClientLimits.DEFAULT);
    }

    @Test
    void sayWhichAnnotationHasNoEffect() {
        Snapshot snapshot = new Given()
                .yaml(MODULE.formatted("limit.weft.dev/connection: \"7\"").replace("\"30\"", "many"))
                .compile();
        assertThat(snapshot.edgeRules().clients().connections().perAddressMax()).isEqualTo(1_000);
        assertThat(Given.problems(snapshot))
                .anySatisfy(text -> assertThat(text).contains("Did you mean limit.weft.dev/connections?"))
                .anySatisfy(text -> assertThat(text).contains("\"many\" is not a number from 1 to 1000000"))
                .hasSize(2);
    }

    @Test
    void haveTheirPlaceForHeadsAndPace() {
        EdgeRules rules = new Given()
                .yaml(MODULE.formatted("limit.weft.dev/header-fields: \"50\"")
                        .replace(
                                "limit.weft.dev/connections:",
                                "limit.weft.dev/target-bytes: \"1024\"\n    limit.weft.dev/body-bytes-per-second: \"0\"\n"
                                        + "    limit.weft.dev/connections:"))
                .compile()
                .edgeRules();
        assertThat(rules.heads().fieldsMax()).isEqualTo(50);
        assertThat(rules.heads().targetBytesMax()).isEqualTo(1024);
        assertThat(rules.clients().patience().bodyRateMin()).isZero();
    }

    @Test
    void haveTheirPlaceForWhatAConnectionCarries() {
        String annotations = """
                limit.weft.dev/chunk-extension-bytes: "0"
                    limit.weft.dev/trailer-bytes: "64"
                    limit.weft.dev/answer-buffer-bytes: "%s"
                    limit.weft.dev/requests-per-connection: "1000"
                """;
        assertThat(new Given()
                        .yaml(MODULE.formatted(annotations.formatted("4096")))
                        .compile()
                        .edgeRules()
                        .clients()
                        .messages())
                .isEqualTo(new ClientLimits.Messages(0, 64, 4096, 1000));
        Snapshot wrong = new Given()
                .yaml(MODULE.formatted(annotations.formatted("4095")))
                .compile();
        assertThat(wrong.edgeRules().clients().messages()).isEqualTo(new ClientLimits.Messages(0, 64, 64 * 1024, 1000));
        assertThat(Given.problems(wrong))
                .singleElement()
                .satisfies(text -> assertThat(text).contains("\"4095\" is not a number from 4096 to 1048576"));
    }

    @Test
    void haveTheirPlaceForHttp2() {
        Snapshot snapshot = new Given()
                .yaml("""
                        apiVersion: getambassador.io/v3alpha1
                        kind: Module
                        metadata:
                          name: ambassador
                          annotations:
                            limit.weft.dev/http2-streams: "250"
                            limit.weft.dev/http2-stream-window-bytes: "1048576"
                            limit.weft.dev/http2-connection-window-bytes: "4194304"
                            limit.weft.dev/http2-header-table-bytes: "0"
                            limit.weft.dev/http2-frame-bytes: "65536"
                            limit.weft.dev/http2-continuations: "2"
                            limit.weft.dev/http2-empty-frames: "3"
                            limit.weft.dev/http2-priorities-per-stream: "4"
                            limit.weft.dev/http2-window-updates-per-data: "5"
                            limit.weft.dev/http2-answers-queued: "6"
                            limit.weft.dev/http2-frames-queued: "7"
                            limit.weft.dev/http2-control-frames-per-second: "8"
                        spec:
                          config:
                            runtime_flags:
                              overload.premature_reset_total_stream_count: 100
                              overload.premature_reset_min_stream_lifetime_seconds: 5
                              http.max_requests_per_io_cycle: 1
                        """)
                .yaml(listener(8001, "http2MaxConcurrentStreams: 7"))
                .yaml(listener(8002, "http2MaxConcurrentStreams: 2147483647"))
                .yaml(listener(8003, ""))
                .compile();
        assertThat(snapshot.edgeRules().clients().http2())
                .isEqualTo(new Http2Limits(
                        250,
                        1_048_576,
                        4_194_304,
                        0,
                        50,
                        Duration.ofSeconds(5),
                        new Http2Frames(65_536, 2, 3, 4, 5, 6, 7, 8)));
        assertThat(snapshot.edge())
                .extracting(EdgeListener::streamsMax)
                .containsExactlyInAnyOrder(7, Http2Limits.STREAMS_MOST, 0);
        assertThat(Given.problems(snapshot))
                .anySatisfy(text -> assertThat(text).contains("it is 10000"))
                .anySatisfy(
                        text -> assertThat(text).contains("http.max_requests_per_io_cycle is a switch inside Envoy"))
                .hasSize(2);
    }

    @Test
    void areBounded() {
        Snapshot snapshot = new Given()
                .yaml(MODULE.formatted("limit.weft.dev/http2-stream-window-bytes: \"100\""))
                .compile();
        assertThat(snapshot.edgeRules().clients().http2()).isEqualTo(Http2Limits.DEFAULT);
        assertThat(Given.problems(snapshot))
                .singleElement()
                .satisfies(text -> assertThat(text).contains("\"100\" is not a number from 65535 to 67108864"));
    }

    @Test
    void theHopsInFrontAreTheListenersElseTheModules() {
        Snapshot snapshot = new Given()
                .yaml(MODULE.formatted(""))
                .yaml(listener(8001, ""))
                .yaml(listener(8002, "l7Depth: 1"))
                .yaml(listener(8003, "l7Depth: 0"))
                .compile();
        assertThat(snapshot.edge()).extracting(EdgeListener::port).containsExactlyInAnyOrder(8001, 8002, 8003);
        snapshot.edge()
                .forEach(each -> assertThat(each.trustedHops())
                        .isEqualTo(
                                switch (each.port()) {
                                    case 8001 -> 2;
                                    case 8002 -> 1;
                                    default -> 0;
                                }));
        assertThat(new Given().compile().edge().getFirst().trustedHops()).isZero();
    }

    @Test
    void aMappingSaysHowLargeItsBodiesMayBe() {
        Snapshot snapshot = new Given().service("quote").yaml("""
                        apiVersion: getambassador.io/v3alpha1
                        kind: Mapping
                        metadata: {name: m, annotations: {limit.weft.dev/body-bytes: "4096"}}
                        spec: {hostname: "*", prefix: /a/, service: quote}
                        """).compile();
        assertThat(Given.edge(snapshot, "*").rules().getFirst().filters()).contains(new RouteFilter.LimitBody(4096));
        assertThat(Given.problems(snapshot)).isEmpty();
    }
}
