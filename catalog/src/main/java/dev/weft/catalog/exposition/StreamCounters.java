package dev.weft.catalog.exposition;

import dev.weft.catalog.metrics.Capped;
import dev.weft.model.outcome.ConnectionOutcome;
import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.outcome.Hop;
import dev.weft.model.outcome.LiveConnection;
import dev.weft.model.outcome.ProtocolVerdict;
import dev.weft.model.outcome.RefusedConnection;
import dev.weft.model.workload.Workload;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToLongFunction;

/**
 * Connections, whatever they carry, under Linkerd's {@code tcp_*} names; what they were found to speak; and how those ended
 * that were passed on as bytes. Safe from any thread. Bytes are read from the connections themselves when they are asked for.
 */
public final class StreamCounters {

    private static final int SERIES_MAX = 2_000;

    /** Of one end. A connection is in {@code live}, and then in the sums. */
    private static final class Totals {
        private final Set<LiveConnection> live = ConcurrentHashMap.newKeySet();
        private final LongAdder opened = new LongAdder();
        private final Map<LiveConnection.End, LongAdder> closed = new ConcurrentHashMap<>();
        private final LongAdder read = new LongAdder();
        private final LongAdder written = new LongAdder();

        /** While a connection changes over, it is in neither; a counter must not go back for that. */
        private final LongAccumulator readShown = new LongAccumulator(Math::max, 0);

        private final LongAccumulator writtenShown = new LongAccumulator(Math::max, 0);

        private void close(LiveConnection connection, LiveConnection.End how) {
            live.remove(connection);
            read.add(connection.bytesRead().getAsLong());
            written.add(connection.bytesWritten().getAsLong());
            closed.computeIfAbsent(how, any -> new LongAdder()).increment();
        }

        private long closed() {
            return closed.values().stream().mapToLong(LongAdder::sum).sum();
        }

        private long read() {
            readShown.accumulate(
                    read.sum() + sum(connection -> connection.bytesRead().getAsLong()));
            return readShown.get();
        }

        private long written() {
            writtenShown.accumulate(
                    written.sum() + sum(connection -> connection.bytesWritten().getAsLong()));
            return writtenShown.get();
        }

        private long sum(ToLongFunction<LiveConnection> bytes) {
            return live.stream().mapToLong(bytes).sum();
        }
    }

    private final Capped<ConnectionSeries, Totals> ends = new Capped<>("connections", SERIES_MAX, Totals::new);
    private final Capped<ReporterSeries, LongAdder> failures =
            new Capped<>("errors of connections", SERIES_MAX, LongAdder::new);
    private final Capped<ReporterSeries, LongAdder> allowed =
            new Capped<>("allowed connections", SERIES_MAX, LongAdder::new);
    private final Capped<ReporterSeries, LongAdder> denied =
            new Capped<>("denied connections", SERIES_MAX, LongAdder::new);
    private final Capped<ReporterSeries, LongAdder> terminated =
            new Capped<>("terminated connections", SERIES_MAX, LongAdder::new);
    private final Capped<ReporterSeries, LongAdder> verdicts = new Capped<>("verdicts", SERIES_MAX, LongAdder::new);

    public void protocolFound(Hop hop, Workload reporter, ProtocolVerdict verdict) {
        verdicts.at(ReporterSeries.of(
                        hop,
                        reporter,
                        verdict.protocol().word(),
                        verdict.reason().word()))
                .increment();
    }

    public void opened(LiveConnection connection) {
        Totals totals = ends.at(ConnectionSeries.of(connection));
        totals.live.add(connection);
        totals.opened.increment();
    }

    public void closed(LiveConnection connection, LiveConnection.End how) {
        ends.at(ConnectionSeries.of(connection)).close(connection, how);
    }

    public void ended(ConnectionOutcome outcome) {
        Workload reporter = outcome.reporter();
        outcome.error().ifPresent(error -> failed(outcome.hop(), reporter, error));
        if (outcome.hop() == Hop.INBOUND) {
            boolean refused =
                    outcome.error().filter(ErrorCode.ACCESS_DENIED::equals).isPresent();
            String client = outcome.ends()
                    .client()
                    .identity()
                    .map(identity -> identity.uri())
                    .orElse("");
            ReporterSeries series = ReporterSeries.of(Hop.INBOUND, reporter, client, "");
            (refused ? denied : allowed).at(series).increment();
            if (outcome.error().filter(ErrorCode.ACCESS_REVOKED::equals).isPresent()) {
                terminated.at(series).increment();
            }
        }
    }

    public void refused(RefusedConnection refusal) {
        failed(refusal.hop(), refusal.reporter(), refusal.error());
    }

    private void failed(Hop hop, Workload reporter, ErrorCode error) {
        failures.at(ReporterSeries.of(hop, reporter, error.code(), "")).increment();
    }

    /** How often something was counted under {@code other}, by the label that was folded. */
    Map<String, Long> folded() {
        Map<String, Long> all = new TreeMap<>(ends.folded());
        for (Capped<ReporterSeries, LongAdder> each : List.of(failures, allowed, denied, terminated, verdicts)) {
            each.folded().forEach((label, count) -> all.merge(label, count, Long::sum));
        }
        return all;
    }

    /** How many series of ends there are. */
    int count() {
        return ends.count();
    }

    static int most() {
        return SERIES_MAX;
    }

    void write(Exposition out) {
        Map<String, ConnectionSeries> order = new TreeMap<>();
        ends.all().keySet().forEach(series -> order.put(series.toString(), series));
        metric(out, order, "tcp_open_total", "counter", "Connections accepted and made.", sum -> sum.opened.sum());
        closes(out, order);
        metric(
                out,
                order,
                "tcp_open_connections",
                "gauge",
                "Of those, how many are open.",
                sum -> Math.max(0, sum.opened.sum() - sum.closed()));
        metric(out, order, "tcp_read_bytes_total", "counter", "Bytes read from the peer.", Totals::read);
        metric(out, order, "tcp_write_bytes_total", "counter", "Bytes written to the peer.", Totals::written);
        reported(
                out,
                "inbound_tcp_authz_allow_total",
                "Opaque connections that a policy let pass.",
                allowed,
                "client_id");
        reported(
                out, "inbound_tcp_authz_deny_total", "Opaque connections that no policy allowed.", denied, "client_id");
        reported(
                out,
                "inbound_tcp_authz_terminate_total",
                "Opaque connections that a policy had let pass and then did not allow any more.",
                terminated,
                "client_id");
        failures(out, "inbound");
        failures(out, "outbound");
        out.metric("weft_protocol_verdicts_total", "counter", "What connections spoke, and how that was known.");
        verdicts.all()
                .forEach((verdict, count) -> out.sample(
                        "weft_protocol_verdicts_total", verdict.labels(true, "protocol", "reason"), count.sum()));
    }

    private void metric(
            Exposition out,
            Map<String, ConnectionSeries> order,
            String name,
            String type,
            String help,
            ToLongFunction<Totals> value) {
        out.metric(name, type, help);
        order.values().forEach(series -> out.sample(name, series.labels(), value.applyAsLong(ends.at(series))));
    }

    private void closes(Exposition out, Map<String, ConnectionSeries> order) {
        out.metric("tcp_close_total", "counter", "Connections that are over.");
        order.values()
                .forEach(series -> ends.at(series).closed.forEach((how, count) -> {
                    Map<String, String> labels = new LinkedHashMap<>(series.labels());
                    labels.put("classification", how.well() ? "success" : "failure");
                    labels.put("errno", how.errno());
                    out.sample("tcp_close_total", labels, count.sum());
                }));
    }

    private static void reported(
            Exposition out, String name, String help, Capped<ReporterSeries, LongAdder> counts, String label) {
        out.metric(name, "counter", help);
        counts.all().forEach((series, count) -> out.sample(name, series.labels(false, label, ""), count.sum()));
    }

    private void failures(Exposition out, String direction) {
        String name = direction + "_tcp_errors_total";
        out.metric(name, "counter", "Connections that were refused, and opaque ones that did not end well, by code.");
        failures.all().forEach((failure, count) -> {
            if (failure.direction().equals(direction)) {
                out.sample(name, failure.labels(false, "error", ""), count.sum());
            }
        });
    }
}
