package dev.weft.catalog.metrics;

import dev.weft.model.outcome.Attempt;
import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.outcome.Hop;
import dev.weft.model.outcome.Outcome;
import dev.weft.model.outcome.Peer;
import dev.weft.model.traffic.ServicePort;
import java.util.Optional;

/**
 * Turns each Outcome into additions to counters: one on the edge of the graph that it was, seen from its reporter, and
 * one for each try. A request from outside counts twice, as Linkerd's ingress would have it: inbound to the edge, and
 * outbound from the edge if it was routed to a service.
 *
 * <p>Called on event loops; takes no lock.
 */
public final class Recorder {

    private final Counters<Traffic> traffic;
    private final Counters<BackendTraffic> backends;
    private volatile Apexes apexes = Apexes.NONE;
    private volatile Labels labels = new Labels();

    public Recorder(Counters<Traffic> traffic, Counters<BackendTraffic> backends) {
        this.traffic = traffic;
        this.backends = backends;
    }

    /** From now on, requests are named by this. */
    public void use(Apexes newest) {
        apexes = newest;
        labels = new Labels();
    }

    public void record(Outcome outcome) {
        Optional<ServicePort> apex = outcome.hop() == Hop.INBOUND ? Optional.empty() : apexes.apex(outcome);
        if (outcome.hop() != Hop.OUTBOUND) {
            add(inbound(outcome), outcome);
        }
        if (outcome.hop() == Hop.OUTBOUND || (outcome.hop() == Hop.EDGE && apex.isPresent())) {
            add(outbound(outcome, apex), outcome);
            outcome.attempts().forEach(attempt -> add(outcome, apex, attempt));
        }
    }

    private void add(Traffic series, Outcome outcome) {
        Cell cell = traffic.cell(series);
        cell.bytes(outcome.requestBytes(), outcome.responseBytes());
        if (series.direction() == Direction.OUTBOUND) {
            cell.retries(outcome.attempts().size() - 1);
            cell.waited(outcome.waitedNanos());
        }
        cell.latency(outcome.firstByteNanos() > 0 ? outcome.firstByteNanos() : outcome.totalNanos());
    }

    private void add(Outcome outcome, Optional<ServicePort> apex, Attempt attempt) {
        BackendTraffic series = new BackendTraffic(
                Party.of(outcome.reporter()),
                labels.name(apex),
                outcome.rule(),
                labels.name(attempt.servicePort()),
                attempt.endpoint().workload().map(Party::of).orElse(Party.NONE),
                attempt.status(),
                error(attempt.error()));
        backends.cell(series).latency(attempt.firstByteNanos() > 0 ? attempt.firstByteNanos() : attempt.endNanos());
    }

    private Traffic inbound(Outcome outcome) {
        return new Traffic(
                Direction.INBOUND,
                Party.of(outcome.reporter()),
                "",
                "",
                Party.NONE,
                labels.uri(outcome.client().identity()),
                "",
                outcome.client().secured(),
                "",
                outcome.status(),
                error(outcome.error()));
    }

    private Traffic outbound(Outcome outcome, Optional<ServicePort> apex) {
        Party destination = Party.NONE;
        if (!outcome.attempts().isEmpty()) {
            destination = outcome.attempts()
                    .getLast()
                    .endpoint()
                    .workload()
                    .map(Party::of)
                    .orElse(Party.NONE);
        }
        return new Traffic(
                Direction.OUTBOUND,
                Party.of(outcome.reporter()),
                apex.isPresent() ? labels.authority(apex.get()) : outcome.frontend(),
                labels.service(outcome.service()),
                destination,
                "",
                labels.uri(outcome.server().flatMap(Peer::identity)),
                outcome.server().map(Peer::secured).orElse(false),
                outcome.rule(),
                outcome.status(),
                error(outcome.error()));
    }

    /** {@code name.namespace.svc.cluster.local:port}. */
    public static String authority(ServicePort apex) {
        return apex.service().host() + ":" + apex.port();
    }

    private static String error(Optional<ErrorCode> error) {
        return error.map(ErrorCode::code).orElse("");
    }
}
