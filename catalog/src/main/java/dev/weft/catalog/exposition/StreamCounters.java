package dev.weft.catalog.exposition;

import dev.weft.catalog.metrics.Party;
import dev.weft.catalog.metrics.Series;
import dev.weft.model.outcome.ConnectionOutcome;
import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.outcome.Hop;
import dev.weft.model.outcome.Peer;
import dev.weft.model.outcome.ProtocolVerdict;
import dev.weft.model.outcome.RefusedConnection;
import dev.weft.model.workload.Workload;
import dev.weft.model.workload.WorkloadIdentity;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Connections that are passed on as bytes, under Linkerd's {@code tcp_*} names, and what connections were found to speak.
 * Safe from any thread. Beyond {@value #SERIES_MAX} series of a metric, the ends of a connection become {@code other}.
 */
public final class StreamCounters {

    private static final int SERIES_MAX = 1_000;

    /**
     * One end of connections.
     *
     * @param peer {@code src} for connections that were accepted, {@code dst} for those that were made
     */
    private record End(String direction, Party reporter, String peer, String service, String identity, boolean tls) {

        private Map<String, String> labels() {
            Map<String, String> labels = new LinkedHashMap<>();
            labels.put("direction", direction);
            labels.put("peer", peer);
            labels.put("namespace", reporter.namespace());
            labels.put(reporter.label(), reporter.name());
            labels.put("dst_service", service);
            labels.put(peer.equals("src") ? "client_id" : "server_id", identity);
            labels.put("tls", Boolean.toString(tls));
            return labels;
        }

        private End folded() {
            return new End(direction, new Party("", reporter.kind(), Series.OTHER), peer, Series.OTHER, "", tls);
        }
    }

    private record Failure(String direction, Party reporter, String error) {}

    private record Verdict(String direction, Party reporter, String protocol, String reason) {}

    /** Of one end: opened, closed, bytes read, bytes written. */
    private static final class Totals {
        private final LongAdder opened = new LongAdder();
        private final LongAdder closed = new LongAdder();
        private final LongAdder read = new LongAdder();
        private final LongAdder written = new LongAdder();
    }

    private final Map<End, Totals> ends = new ConcurrentHashMap<>();
    private final Map<Failure, LongAdder> failures = new ConcurrentHashMap<>();
    private final Map<Verdict, LongAdder> verdicts = new ConcurrentHashMap<>();

    public void protocolFound(Hop hop, Workload reporter, ProtocolVerdict verdict) {
        Verdict one = new Verdict(
                direction(hop),
                Party.of(reporter),
                verdict.protocol().word(),
                verdict.reason().word());
        verdicts.computeIfAbsent(one, any -> new LongAdder()).increment();
    }

    public void established(ConnectionOutcome.Ends between) {
        totals(client(between)).opened.increment();
        totals(server(between)).opened.increment();
    }

    public void ended(ConnectionOutcome outcome) {
        if (outcome.established()) {
            Totals client = totals(client(outcome.ends()));
            client.read.add(outcome.clientBytes());
            client.written.add(outcome.serverBytes());
            client.closed.increment();
            Totals server = totals(server(outcome.ends()));
            server.read.add(outcome.serverBytes());
            server.written.add(outcome.clientBytes());
            server.closed.increment();
        }
        outcome.error()
                .ifPresent(error -> failed(outcome.ends().hop(), outcome.ends().reporter(), error));
    }

    public void refused(RefusedConnection refusal) {
        failed(refusal.hop(), refusal.reporter(), refusal.error());
    }

    private void failed(Hop hop, Workload reporter, ErrorCode error) {
        failures.computeIfAbsent(new Failure(direction(hop), Party.of(reporter), error.code()), any -> new LongAdder())
                .increment();
    }

    private Totals totals(End end) {
        Totals known = ends.get(end);
        if (known != null) {
            return known;
        }
        return ends.computeIfAbsent(ends.size() < SERIES_MAX ? end : end.folded(), any -> new Totals());
    }

    private static End client(ConnectionOutcome.Ends between) {
        return new End(
                between.hop() == Hop.OUTBOUND ? "outbound" : "inbound",
                Party.of(between.reporter()),
                "src",
                between.service().map(service -> service.service().toString()).orElse(""),
                identity(between.client()),
                between.client().secured());
    }

    private static End server(ConnectionOutcome.Ends between) {
        return new End(
                between.hop() == Hop.INBOUND ? "inbound" : "outbound",
                Party.of(between.reporter()),
                "dst",
                between.service().map(service -> service.service().toString()).orElse(""),
                between.server().map(StreamCounters::identity).orElse(""),
                between.server().map(Peer::secured).orElse(false));
    }

    private static String identity(Peer peer) {
        return peer.identity().map(WorkloadIdentity::uri).orElse("");
    }

    private static String direction(Hop hop) {
        return hop == Hop.OUTBOUND ? "outbound" : "inbound";
    }

    void write(Exposition out) {
        Map<String, Map<String, String>> labels = new TreeMap<>();
        Map<String, Totals> totals = new TreeMap<>();
        ends.forEach((end, sum) -> {
            labels.put(end.toString(), end.labels());
            totals.put(end.toString(), sum);
        });
        out.metric("tcp_open_total", "counter", "Opaque connections through which bytes could flow.");
        totals.forEach((end, sum) -> out.sample("tcp_open_total", at(labels, end), sum.opened.sum()));
        out.metric("tcp_close_total", "counter", "Of those, how many are over.");
        totals.forEach((end, sum) -> out.sample("tcp_close_total", at(labels, end), sum.closed.sum()));
        out.metric("tcp_open_connections", "gauge", "Of those, how many are not.");
        totals.forEach(
                (end, sum) -> out.sample("tcp_open_connections", at(labels, end), sum.opened.sum() - sum.closed.sum()));
        out.metric("tcp_read_bytes_total", "counter", "Bytes read from the peer, counted at the connection's end.");
        totals.forEach((end, sum) -> out.sample("tcp_read_bytes_total", at(labels, end), sum.read.sum()));
        out.metric("tcp_write_bytes_total", "counter", "Bytes written to the peer, counted at the connection's end.");
        totals.forEach((end, sum) -> out.sample("tcp_write_bytes_total", at(labels, end), sum.written.sum()));
        failures(out, "inbound");
        failures(out, "outbound");
        out.metric("weft_protocol_verdicts_total", "counter", "What connections spoke, and how that was known.");
        verdicts.forEach((verdict, count) -> {
            Map<String, String> one = reporter(verdict.direction, verdict.reporter);
            one.put("protocol", verdict.protocol);
            one.put("reason", verdict.reason);
            out.sample("weft_protocol_verdicts_total", one, count.sum());
        });
    }

    private void failures(Exposition out, String direction) {
        String name = direction + "_tcp_errors_total";
        out.metric(name, "counter", "Connections that were refused, and opaque ones that did not end well, by code.");
        failures.forEach((failure, count) -> {
            if (failure.direction.equals(direction)) {
                Map<String, String> labels = reporter("", failure.reporter);
                labels.put("error", failure.error);
                out.sample(name, labels, count.sum());
            }
        });
    }

    private static Map<String, String> reporter(String direction, Party reporter) {
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put("direction", direction);
        labels.put("namespace", reporter.namespace());
        labels.put(reporter.label(), reporter.name());
        return labels;
    }

    private static Map<String, String> at(Map<String, Map<String, String>> labels, String end) {
        return labels.getOrDefault(end, Map.of());
    }
}
