package dev.weft.control.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.traffic.AccessRule;
import dev.weft.model.traffic.Backend;
import dev.weft.model.traffic.DeclaredProtocol;
import dev.weft.model.traffic.EdgeListener;
import dev.weft.model.traffic.EdgeStream;
import dev.weft.model.traffic.EndpointGroup;
import dev.weft.model.traffic.ServicePort;
import dev.weft.model.traffic.Snapshot;
import dev.weft.model.workload.ServiceName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is declared about connections that are passed on as bytes. */
class StreamsTest {

    private static final String SERVICE = """
            apiVersion: v1
            kind: Service
            metadata: {name: db, annotations: {config.linkerd.io/opaque-ports: "7000-7002", weft.dev/tcp-idle-timeout: 10m}}
            spec:
              selector: {app: quote}
              ports:
              - {name: a, port: 7001}
              - {name: http-b, port: 7100}
              - {name: redis-c, port: 7200}
              - {name: d, port: 7300, appProtocol: kubernetes.io/h2c}
              - {name: e, port: 7400, appProtocol: example.com/own}
              - {name: f, port: 7500}
              - {name: g, port: 5432}
            """;

    private static EndpointGroup group(Snapshot snapshot, int port) {
        return java.util.Objects.requireNonNull(
                snapshot.groups().get(new ServicePort(new ServiceName("default", "db"), port)));
    }

    @Test
    void aPortsProtocolIsDeclaredByAppProtocolAnnotationOrName() {
        Snapshot snapshot = new Given().yaml(SERVICE).compile();
        assertThat(group(snapshot, 7001).protocol())
                .isEqualTo(new DeclaredProtocol(DeclaredProtocol.Kind.OPAQUE, "config.linkerd.io/opaque-ports"));
        assertThat(group(snapshot, 7100).protocol().kind()).isEqualTo(DeclaredProtocol.Kind.HTTP1);
        assertThat(group(snapshot, 7200).protocol())
                .isEqualTo(new DeclaredProtocol(DeclaredProtocol.Kind.OPAQUE, "port name \"redis-c\""));
        assertThat(group(snapshot, 7300).protocol().kind()).isEqualTo(DeclaredProtocol.Kind.HTTP2);
        assertThat(group(snapshot, 7400).protocol().kind()).isEqualTo(DeclaredProtocol.Kind.OPAQUE);
        assertThat(group(snapshot, 7500).protocol()).isEqualTo(DeclaredProtocol.NONE);
        assertThat(group(snapshot, 5432).protocol())
                .isEqualTo(DeclaredProtocol.NONE); // the annotation replaces the list
        assertThat(group(snapshot, 7001).streamIdle()).isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void aNodePortIsAListenerOfThisMachineThatPassesBytesToItsService() {
        String service = """
                apiVersion: v1
                kind: Service
                metadata: {name: NAME}
                spec: {type: NodePort, selector: {app: quote}, ports: [{port: 5432, nodePort: 30432}]}
                """;
        Snapshot snapshot = new Given()
                .yaml(service.replace("NAME", "db") + "---\n" + service.replace("NAME", "other"))
                .compile(new EdgeOptions("0.0.0.0", 8080, 8443, List.of("localhost")));
        EdgeListener listener = snapshot.edge().stream()
                .filter(each -> each.port() == 30432)
                .findFirst()
                .orElseThrow();
        assertThat(listener.address()).as("wherever the edge listens").isEqualTo("127.0.0.1");
        assertThat(listener.requests()).isFalse();
        EdgeStream stream = listener.streams().getFirst();
        assertThat(stream.frontend().rules().getFirst().backends().getFirst().backend())
                .isEqualTo(new Backend.Service(new ServicePort(new ServiceName("default", "db"), 5432)));
        assertThat(snapshot.verdicts().toString()).contains("port 30432 of this machine is another's already");
    }

    @Test
    void aPortOfUdpTakesNothingFromThePortOfTcpWithItsNumber() {
        Snapshot snapshot = new Given()
                .pod("dns", "dns-1", true)
                .yaml("""
                apiVersion: v1
                kind: Service
                metadata: {name: dns}
                spec:
                  type: NodePort
                  selector: {app: dns}
                  ports:
                  - {name: tcp, port: 53, targetPort: 8080, nodePort: 30053}
                  - {name: udp, port: 53, targetPort: 9999, nodePort: 30053, protocol: UDP}
                  - {name: other, port: 54, targetPort: 8080, nodePort: 30054, protocol: UDP}
                """)
                .compile(new EdgeOptions("0.0.0.0", 8080, 8443, List.of("localhost")));

        assertThat(Given.group(snapshot, "default/dns:53").endpoints()).hasSize(1);
        assertThat(snapshot.edge())
                .extracting(EdgeListener::port)
                .contains(30053)
                .doesNotContain(30054);
        assertThat(Given.problems(snapshot).toString()).doesNotContain("another's already", "declares no port");
    }

    @Test
    void aServiceThatNamesAnAddressItDoesNotGetIsToldSo() {
        String service = """
                apiVersion: v1
                kind: Service
                metadata: {name: NAME}
                spec: {clusterIP: ADDRESS, selector: {app: quote}, ports: [{port: 80}]}
                ---
                """;
        Snapshot snapshot = new Given()
                .yaml(service.replace("NAME", "first").replace("ADDRESS", "10.96.7.7"))
                .yaml(service.replace("NAME", "second").replace("ADDRESS", "10.96.7.7"))
                .yaml(service.replace("NAME", "api").replace("ADDRESS", "10.96.0.1"))
                .yaml(service.replace("NAME", "elsewhere").replace("ADDRESS", "10.43.0.7"))
                .yaml(service.replace("NAME", "headless").replace("ADDRESS", "None"))
                .compile();
        assertThat(Given.problems(snapshot).toString())
                .contains("Service default/second: 10.96.7.7 is the address of Service default/first already")
                .contains("Service default/api: 10.96.0.1 is Weft's own")
                .contains("Service default/elsewhere: 10.43.0.7 is not in 10.96.0.0/16")
                .doesNotContain("Service default/first:")
                .doesNotContain("headless");
    }

    @Test
    void aHostPortIsAListenerOfThisMachineThatPassesBytesToItsPod() {
        Snapshot snapshot = new Given()
                .podOnHost("db", "db-a", 5432, false)
                .podOnHost("db", "db-b", 5432, true)
                .compile(new EdgeOptions("0.0.0.0", 8080, 8443, List.of("localhost")));
        EdgeListener listener = snapshot.edge().stream()
                .filter(each -> each.port() == 5432)
                .findFirst()
                .orElseThrow();
        assertThat(listener.address()).as("wherever the edge listens").isEqualTo("127.0.0.1");
        assertThat(listener.requests()).isFalse();
        ServicePort pod = new ServicePort(new ServiceName("default", "db-a.pod"), 8080);
        assertThat(listener.streams()
                        .getFirst()
                        .frontend()
                        .rules()
                        .getFirst()
                        .backends()
                        .getFirst()
                        .backend())
                .isEqualTo(new Backend.Service(pod));
        assertThat(Given.group(snapshot, pod.toString()).endpoints().toString()).isEqualTo("[db-a@127.1.0.1:4143]");
        assertThat(snapshot.verdicts().toString())
                .contains("Pod default/db-b")
                .contains("port 5432 of this machine is another's already");
    }

    @Test
    void wellKnownPortsAreOpaqueUnlessTheListIsReplaced() {
        Snapshot snapshot = new Given().yaml("""
                apiVersion: v1
                kind: Service
                metadata: {name: db}
                spec: {selector: {app: quote}, ports: [{port: 5432}]}
                """).compile();
        assertThat(group(snapshot, 5432).protocol().said()).isEqualTo("well-known port 5432");
    }

    @Test
    void aTcpRouteAllowsConnectionsToItsPorts() {
        Snapshot snapshot =
                new Given().pod("quote", "quote-a", true).yaml("""
                apiVersion: specs.smi-spec.io/v1alpha4
                kind: TCPRoute
                metadata: {name: db}
                spec: {matches: {ports: [5432, 5433]}}
                """).yaml("""
                apiVersion: access.smi-spec.io/v1alpha3
                kind: TrafficTarget
                metadata: {name: db}
                spec:
                  destination: {kind: ServiceAccount, name: quote}
                  rules: [{kind: TCPRoute, name: db}, {kind: TCPRoute, name: missing}]
                  sources: [{kind: ServiceAccount, name: hello}]
                """).compile();
        assertThat(snapshot.access().values())
                .singleElement()
                .satisfies(policy -> assertThat(policy.rules())
                        .singleElement()
                        .extracting(AccessRule::ports)
                        .isEqualTo(Optional.of(Set.of(5432, 5433))));
        assertThat(Given.problems(snapshot)).singleElement().asString().contains("TCPRoute \"missing\" does not exist");
    }

    private static final String MAPPING = """
            apiVersion: getambassador.io/v3alpha1
            kind: TCPMapping
            metadata: {name: db}
            spec: {port: 7777, service: "db:7001", idle_timeout_ms: 5000}
            """;

    @Test
    void aTcpMappingOpensItsPortWithoutAListener() {
        Snapshot snapshot = new Given().yaml(SERVICE).yaml(MAPPING).compile();
        EdgeListener listener = snapshot.edge().stream()
                .filter(each -> each.port() == 7777)
                .findFirst()
                .orElseThrow();
        assertThat(listener.requests()).isFalse();
        assertThat(listener.tls()).isFalse();
        EdgeStream stream = listener.streams().getFirst();
        assertThat(stream.serverName()).isEmpty();
        assertThat(stream.idleTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(stream.frontend().rules().getFirst().backends().getFirst().backend())
                .isEqualTo(new Backend.Delegate(new ServicePort(new ServiceName("default", "db"), 7001)));
        assertThat(Given.problems(snapshot)).isEmpty();
    }

    @Test
    void tcpMappingsOfOnePortAndHostShareByWeight() {
        Snapshot snapshot = new Given()
                .yaml(SERVICE)
                .yaml(MAPPING)
                .yaml(MAPPING.replace("name: db}", "name: db-next}").replace("port: 7777", "port: 7777, weight: 10"))
                .compile();
        EdgeStream stream = snapshot.edge().stream()
                .filter(each -> each.port() == 7777)
                .findFirst()
                .orElseThrow()
                .streams()
                .getFirst();
        assertThat(stream.frontend().rules().getFirst().backends())
                .extracting(backend -> backend.weight())
                .containsExactlyInAnyOrder(90, 10);
    }

    @Test
    void aTcpMappingWithoutHostCannotShareAPortWithRequests() {
        Snapshot snapshot =
                new Given().yaml(SERVICE).yaml(MAPPING.replace("7777", "8080")).compile();
        assertThat(Given.problems(snapshot)).singleElement().asString().contains("serves HTTP on port 8080");
        assertThat(snapshot.edge().getFirst().streams()).isEmpty();
    }

    @Test
    void aTcpMappingToNobodyIsToldSo() {
        Snapshot snapshot = new Given().yaml(MAPPING).compile();
        assertThat(Given.problems(snapshot)).singleElement().asString().contains("service \"db\" is no Service");
    }
}
