package dev.weft.catalog;

import dev.weft.catalog.export.Exports;
import dev.weft.catalog.exposition.PrometheusText;
import dev.weft.catalog.metrics.Apexes;
import dev.weft.catalog.metrics.BackendTraffic;
import dev.weft.catalog.metrics.Counters;
import dev.weft.catalog.metrics.Recorder;
import dev.weft.catalog.metrics.Traffic;
import dev.weft.model.outcome.ConnectionOutcome;
import dev.weft.model.outcome.Hop;
import dev.weft.model.outcome.LiveConnection;
import dev.weft.model.outcome.Outcome;
import dev.weft.model.outcome.OutcomeListener;
import dev.weft.model.outcome.ProtocolVerdict;
import dev.weft.model.outcome.RefusedConnection;
import dev.weft.model.outcome.RetryRefusal;
import dev.weft.model.traffic.ServicePort;
import dev.weft.model.traffic.Snapshots;
import dev.weft.model.workload.ServiceName;
import dev.weft.model.workload.Workload;
import dev.weft.model.workload.WorkloadIdentity;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Counts all that happens to requests and connections, and then gives it to the access log and the spans. */
public final class Metering implements OutcomeListener {

    private final Counters<Traffic> traffic;
    private final Counters<BackendTraffic> backends;
    private final Recorder recorder;
    private final PrometheusText text;
    private volatile Exports exports = Exports.NONE;

    /**
     * Counts from now on.
     *
     * @param seriesMax of each kind; what comes after is counted as {@code other}
     * @param certificateEnds when the certificates end that the text tells of
     */
    public Metering(Snapshots snapshots, int seriesMax, Supplier<Map<WorkloadIdentity, Instant>> certificateEnds) {
        traffic = Counters.ofRequests(seriesMax);
        backends = Counters.ofTries(seriesMax);
        recorder = new Recorder(traffic, backends);
        text = new PrometheusText(traffic, backends, certificateEnds);
        text.edge(snapshots::current);
        snapshots.onChange(snapshot -> recorder.use(Apexes.of(snapshot)));
    }

    /** What was counted, as text. */
    public PrometheusText text() {
        return text;
    }

    /** Has every Outcome logged and sent on from now on; the caller closes what was so. */
    public void export(Exports newest) {
        exports = newest;
        text.include(newest);
    }

    Counters<Traffic> traffic() {
        return traffic;
    }

    Counters<BackendTraffic> backends() {
        return backends;
    }

    /** Counted when it has ended; requests in flight are the autoscaler's concern. */
    @Override
    public void routed(ServiceName service) {}

    @Override
    public void ended(Outcome outcome) {
        recorder.record(outcome);
        exports.accept(outcome);
    }

    @Override
    public void protocolFound(Hop hop, Workload reporter, Optional<ServicePort> service, ProtocolVerdict verdict) {
        text.streams().protocolFound(hop, reporter, verdict);
    }

    @Override
    public void opened(LiveConnection connection) {
        text.streams().opened(connection);
    }

    @Override
    public void closed(LiveConnection connection, LiveConnection.End how) {
        text.streams().closed(connection, how);
    }

    @Override
    public void retryRefused(Workload reporter, String frontend, String rule, RetryRefusal why) {
        text.retries().refused(reporter, frontend, rule, why);
    }

    @Override
    public void ended(ConnectionOutcome outcome) {
        text.streams().ended(outcome);
        exports.accept(outcome);
    }

    @Override
    public void refused(RefusedConnection refusal) {
        text.streams().refused(refusal);
    }
}
