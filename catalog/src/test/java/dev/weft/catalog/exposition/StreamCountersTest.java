package dev.weft.catalog.exposition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.catalog.Given;
import dev.weft.catalog.metrics.Counters;
import dev.weft.model.outcome.ConnectionOutcome;
import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.outcome.Hop;
import dev.weft.model.outcome.ProtocolVerdict;
import dev.weft.model.outcome.RefusedConnection;
import dev.weft.model.traffic.ServicePort;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class StreamCountersTest {

    private static final ProtocolVerdict OPAQUE =
            new ProtocolVerdict(ProtocolVerdict.Protocol.OPAQUE, ProtocolVerdict.Reason.SERVER_FIRST);

    private final PrometheusText text = new PrometheusText(Counters.ofRequests(10), Counters.ofTries(10), Map::of);

    @Test
    void countsBothEndsOfAConnectionUnderLinkerdsNames() {
        ConnectionOutcome.Ends ends = ends();
        text.streams().protocolFound(Hop.OUTBOUND, Given.HELLO, OPAQUE);
        text.streams().established(ends);
        text.streams().established(ends);
        text.streams().ended(ended(ends, true, Optional.empty()));

        String labels = "namespace=\"default\",deployment=\"hello-00001-deployment\",dst_service=\"default/db\"";
        String client = "{direction=\"outbound\",peer=\"src\"," + labels + ",tls=\"false\"}";
        String server = "{direction=\"outbound\",peer=\"dst\"," + labels
                + ",server_id=\"spiffe://cluster.local/ns/default/sa/quote\",tls=\"true\"}";
        String verdict = "weft_protocol_verdicts_total{direction=\"outbound\",namespace=\"default\","
                + "deployment=\"hello-00001-deployment\",protocol=\"opaque\",reason=\"server_first\"} 1";
        assertThat(text.render().lines())
                .contains(
                        "tcp_open_total" + client + " 2",
                        "tcp_open_connections" + client + " 1",
                        "tcp_close_total" + server + " 1",
                        "tcp_read_bytes_total" + client + " 7",
                        "tcp_write_bytes_total" + client + " 9",
                        "tcp_read_bytes_total" + server + " 9",
                        verdict);
    }

    @Test
    void countsWhatCouldNotBePassedOnByItsCode() {
        text.streams().ended(ended(ends(), false, Optional.of(ErrorCode.CONNECT_FAILED)));

        assertThat(text.render().lines())
                .contains("outbound_tcp_errors_total{namespace=\"default\",deployment=\"hello-00001-deployment\","
                        + "error=\"connect-failed\"} 1")
                .noneMatch(line -> line.startsWith("tcp_open_total{"));
    }

    @Test
    void countsWhoWasRefusedBeforeHeSaidAnything() {
        text.streams()
                .refused(new RefusedConnection(
                        Hop.INBOUND,
                        Given.HELLO,
                        "inbound",
                        Given.clear(),
                        ErrorCode.CALLER_UNPROVEN,
                        "no certificate"));

        assertThat(text.render().lines())
                .contains("inbound_tcp_errors_total{namespace=\"default\",deployment=\"hello-00001-deployment\","
                        + "error=\"caller-unproven\"} 1");
    }

    private static ConnectionOutcome.Ends ends() {
        return new ConnectionOutcome.Ends(
                Hop.OUTBOUND,
                Given.HELLO,
                "outbound",
                Given.clear(),
                Optional.of(Given.mesh(Given.QUOTE_V1.identity())),
                Optional.empty(),
                Optional.of(ServicePort.parse("default/db:5432")));
    }

    private static ConnectionOutcome ended(
            ConnectionOutcome.Ends ends, boolean established, Optional<ErrorCode> error) {
        return new ConnectionOutcome(
                "id",
                ends,
                established,
                OPAQUE,
                "",
                List.of(),
                7,
                9,
                ConnectionOutcome.EndedBy.CLIENT,
                error,
                "",
                Given.T0,
                0,
                1_000,
                2_000,
                List.of(),
                Optional.empty(),
                7);
    }
}
