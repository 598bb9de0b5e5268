package dev.weft.catalog.exposition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.catalog.Given;
import dev.weft.catalog.metrics.Counters;
import dev.weft.model.outcome.BalancerState;
import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.outcome.Hop;
import dev.weft.model.outcome.LiveConnection;
import dev.weft.model.outcome.Peer;
import dev.weft.model.outcome.ProtocolVerdict;
import dev.weft.model.outcome.RetryRefusal;
import dev.weft.model.traffic.Endpoint;
import dev.weft.model.traffic.ServicePort;
import dev.weft.model.workload.Workload;
import dev.weft.model.workload.WorkloadIdentity;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class StreamCountersTest {

    private static final ProtocolVerdict OPAQUE =
            new ProtocolVerdict(ProtocolVerdict.Protocol.OPAQUE, ProtocolVerdict.Reason.SERVER_FIRST);
    private static final LiveConnection.End WELL = new LiveConnection.End(true, "");

    private final AtomicReference<Map<WorkloadIdentity, Instant>> ends = new AtomicReference<>(Map.of());
    private final PrometheusText text =
            new PrometheusText(Counters.ofRequests(10), Counters.ofTries(10), () -> ends.get());

    @Test
    void countsBothEndsOfConnectionsUnderLinkerdsNames() {
        AtomicLong read = new AtomicLong();
        LiveConnection client = accepted(Given.HELLO, read);
        LiveConnection server = made("db", read);
        text.streams().protocolFound(Hop.OUTBOUND, Given.HELLO, OPAQUE);
        text.streams().opened(client);
        text.streams().opened(server);
        read.set(7);

        String who = "namespace=\"default\",deployment=\"hello-00001-deployment\"";
        String src = "{direction=\"outbound\",peer=\"src\"," + who + ",tls=\"false\"}";
        String to = "direction=\"outbound\",peer=\"dst\"," + who + ",dst_namespace=\"default\","
                + "dst_deployment=\"quote-v1\",dst_service=\"default/db\","
                + "server_id=\"spiffe://cluster.local/ns/default/sa/quote\",tls=\"true\"";
        assertThat(text.render().lines())
                .contains(
                        "tcp_open_total" + src + " 1",
                        "tcp_open_connections" + src + " 1",
                        "tcp_read_bytes_total" + src + " 7",
                        "tcp_write_bytes_total{" + to + "} 9",
                        "weft_protocol_verdicts_total{direction=\"outbound\"," + who
                                + ",protocol=\"opaque\",reason=\"server_first\"} 1")
                .noneMatch(line -> line.startsWith("tcp_close_total{"));

        read.set(70);
        text.streams().closed(client, WELL);
        text.streams().closed(server, new LiveConnection.End(false, "ECONNRESET"));
        read.set(0);

        String closed = src.replace("}", ",classification=\"success\"}");
        assertThat(text.render().lines())
                .contains(
                        "tcp_open_connections" + src + " 0",
                        "tcp_read_bytes_total" + src + " 70",
                        "tcp_close_total" + closed + " 1",
                        "tcp_close_total{" + to + ",classification=\"failure\",errno=\"ECONNRESET\"} 1");
    }

    @Test
    void countsWhatCouldNotBePassedOnByItsCode() {
        text.streams().ended(Given.stream("c", Optional.of(ErrorCode.CONNECT_FAILED)));

        assertThat(text.render().lines())
                .contains("outbound_tcp_errors_total{namespace=\"default\",deployment=\"hello-00001-deployment\","
                        + "error=\"connect-failed\"} 1")
                .noneMatch(line -> line.startsWith("tcp_open_total{"));
    }

    @Test
    void countsWhatPolicyLetPassRefusedAndBrokeOff() {
        for (ErrorCode error : List.of(ErrorCode.ACCESS_DENIED, ErrorCode.ACCESS_REVOKED, ErrorCode.TRUST_ENDED)) {
            text.streams().ended(Given.stream("c", Hop.INBOUND, Optional.of(error)));
        }
        text.streams().ended(Given.stream("c", Hop.INBOUND, Optional.empty()));

        assertThat(text.render().lines())
                .anyMatch(line -> line.startsWith("inbound_tcp_authz_allow_total{") && line.endsWith(" 3"))
                .anyMatch(line -> line.startsWith("inbound_tcp_authz_deny_total{") && line.endsWith(" 1"))
                .anyMatch(line -> line.startsWith("inbound_tcp_authz_terminate_total{") && line.endsWith(" 1"));
    }

    @Test
    void foldsWhatIsTooMuchToTellApartAndNamesTheLabel() {
        for (int i = 0; i < 10_000; i++) {
            text.streams().opened(made("db-" + i, new AtomicLong(1)));
        }

        List<String> lines = text.render().lines().toList();
        assertThat(lines).contains("weft_series_folded_total{label=\"dst_service\"} 8000");
        assertThat(lines.stream().filter(line -> line.startsWith("tcp_open_total{")))
                .hasSize(2_001);
        assertThat(lines.stream()
                        .filter(line -> line.startsWith("tcp_open_total{") && line.contains("dst_service=\"other\"")))
                .singleElement()
                .asString()
                .endsWith(" 8000");
        assertThat(lines.stream().filter(line -> line.startsWith("tcp_read_bytes_total{") && line.endsWith(" 8000")))
                .hasSize(1);
    }

    @Test
    void countsRetriesThatDidNotHappen() {
        text.retries().refused(Given.HELLO, "quote", "rule-1", RetryRefusal.BUDGET_EMPTY);
        text.retries().refused(Given.HELLO, "quote", "rule-1", RetryRefusal.TRIES_USED_UP);
        text.retries().refused(Given.HELLO, "quote", "rule-1", RetryRefusal.TRIES_USED_UP);

        String labels = "{namespace=\"default\",deployment=\"hello-00001-deployment\",parent_name=\"quote\","
                + "route_name=\"rule-1\"}";
        String route = "{direction=\"outbound\",namespace=\"default\",deployment=\"hello-00001-deployment\","
                + "dst=\"quote\",rt_route=\"rule-1\"";
        assertThat(text.render().lines())
                .contains(
                        "outbound_http_route_retry_overflow_total" + labels + " 1",
                        "outbound_http_route_retry_limit_exceeded_total" + labels + " 2",
                        "route_retryable_total" + route + ",skipped=\"no_budget\"} 1",
                        "route_retryable_total" + route + ",skipped=\"limit\"} 2");
    }

    @Test
    void tellsHowEndpointsAre() {
        text.balancers(() -> List.of(new BalancerState(ServicePort.parse("default/db:5432"), 2, 1, 4, 3)));

        String labels = "backend_group=\"core\",backend_kind=\"Service\",backend_namespace=\"default\","
                + "backend_name=\"db\",backend_port=\"5432\"";
        assertThat(text.render().lines())
                .contains(
                        "outbound_http_balancer_endpoints{" + labels + ",endpoint_state=\"ready\"} 2",
                        "outbound_http_balancer_endpoints{" + labels + ",endpoint_state=\"pending\"} 1",
                        "outbound_http_balancer_queue_length{" + labels + "} 3",
                        "weft_circuit_breaker_trips_total{" + labels + "} 4");
    }

    @Test
    void foldsServicesThatAreTooManyToTellApart() {
        List<BalancerState> states = IntStream.range(0, 2_500)
                .mapToObj(i -> new BalancerState(ServicePort.parse("default/db-" + (i + 1_000) + ":80"), 2, 1, 4, 3))
                .toList();
        text.balancers(() -> states);

        for (int again = 0; again < 2; again++) {
            List<String> lines = text.render().lines().toList();
            for (String name : List.of("outbound_http_balancer_queue_length{", "weft_circuit_breaker_trips_total{")) {
                assertThat(lines.stream().filter(line -> line.startsWith(name))).hasSize(2_001);
            }
            assertThat(lines)
                    .contains(
                            "outbound_http_balancer_endpoints{backend_name=\"other\",endpoint_state=\"ready\"} 1000",
                            "outbound_http_balancer_endpoints{backend_name=\"other\",endpoint_state=\"pending\"} 500",
                            "outbound_http_balancer_queue_length{backend_name=\"other\"} 1500",
                            "weft_circuit_breaker_trips_total{backend_name=\"other\"} 2000",
                            "weft_series{of=\"balancers\"} 2000",
                            "weft_series_max{of=\"balancers\"} 2000",
                            "weft_series_folded_total{label=\"backend_name\"} 500");
        }
    }

    @Test
    void thoseThatAreToldApartStaySo() {
        BalancerState late = new BalancerState(ServicePort.parse("default/a:80"), 1, 0, 0, 0);
        List<BalancerState> first = IntStream.range(0, 2_000)
                .mapToObj(i -> new BalancerState(ServicePort.parse("default/db-" + i + ":80"), 1, 0, 0, 0))
                .toList();
        text.balancers(() -> first);
        text.render();
        text.balancers(() -> Stream.concat(Stream.of(late), first.stream()).toList());
        assertThat(text.render()).doesNotContain("backend_name=\"a\"").contains("backend_name=\"other\"");
        text.balancers(
                () -> Stream.concat(Stream.of(late), first.stream().skip(1)).toList());
        assertThat(text.render()).contains("backend_name=\"a\"").doesNotContain("backend_name=\"other\"");
    }

    @Test
    void foldsIdentitiesThatAreTooManyToTellApart() {
        Map<WorkloadIdentity, Instant> many = new HashMap<>();
        for (int i = 0; i < 2_500; i++) {
            WorkloadIdentity identity =
                    new WorkloadIdentity(WorkloadIdentity.TRUST_DOMAIN, "default", "account-" + (i + 1_000));
            many.put(identity, Instant.ofEpochSecond(10_000 - i));
        }
        ends.set(many);

        List<String> lines = text.render().lines().toList();
        assertThat(lines.stream().filter(line -> line.startsWith("identity_cert_expiration_timestamp_seconds{")))
                .hasSize(2_001);
        assertThat(lines)
                .contains(
                        "identity_cert_expiration_timestamp_seconds{identity=\"other\"} " + (10_000 - 2_499),
                        "identity_cert_refresh_count{identity=\"other\"} 500",
                        "weft_series{of=\"identities\"} 2000",
                        "weft_series_folded_total{label=\"identity\"} 500");
    }

    @Test
    void countsTheCertificatesThatAWorkloadHasHad() {
        String labels = "{identity=\"" + Given.HELLO.identity().uri() + "\"}";
        ends.set(Map.of(Given.HELLO.identity(), Instant.ofEpochSecond(1_000)));
        assertThat(text.render().lines())
                .contains("identity_cert_refresh_count" + labels + " 1")
                .contains("identity_cert_expiration_timestamp_seconds" + labels + " 1000");

        ends.set(Map.of(Given.HELLO.identity(), Instant.ofEpochSecond(2_000)));
        text.certificatesChanged();

        assertThat(text.render().lines())
                .contains("identity_cert_refresh_count" + labels + " 2")
                .contains("identity_cert_expiration_timestamp_seconds" + labels + " 2000");
    }

    private static LiveConnection accepted(Workload reporter, AtomicLong read) {
        return new LiveConnection(
                Hop.OUTBOUND,
                reporter,
                LiveConnection.Side.ACCEPTED,
                Given.clear(),
                Optional.empty(),
                Optional.empty(),
                read::get,
                () -> 9);
    }

    private static LiveConnection made(String service, AtomicLong read) {
        Peer peer = Given.mesh(Given.QUOTE_V1.identity());
        Endpoint endpoint = new Endpoint("127.1.0.9", 4143, Optional.of(Given.QUOTE_V1), Endpoint.Transport.MESH);
        return new LiveConnection(
                Hop.OUTBOUND,
                Given.HELLO,
                LiveConnection.Side.MADE,
                peer,
                Optional.of(endpoint),
                Optional.of(ServicePort.parse("default/" + service + ":5432")),
                read::get,
                () -> 9);
    }
}
