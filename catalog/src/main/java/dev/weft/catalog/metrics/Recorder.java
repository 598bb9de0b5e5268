package dev.weft.catalog.metrics;

import dev.weft.model.outcome.Attempt;
import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.outcome.Hop;
import dev.weft.model.outcome.Outcome;
import dev.weft.model.outcome.Peer;
import dev.weft.model.traffic.ServicePort;
import java.util.List;
import java.util.Optional;

/**
 * Turns each Outcome into additions to counters: one on the edge of the graph that it was, seen from its reporter, and
 * one for each try. A request from outside counts twice, as Linkerd's ingress would have it: inbound to the edge, and
 * outbound from the edge if it was routed to a service.
 *
 * <p>Called on event loops; takes no lock, and for a request like an earlier one makes no object.
 */
public final class Recorder {

    private final Counters<Traffic> traffic;
    private final Counters<BackendTraffic> backends;
    private volatile Apexes apexes = Apexes.NONE;
    private volatile Labels labels = new Labels();

    /** Forgotten as a whole when requests are named anew. */
    private volatile ThreadLocal<KnownCells> known = ThreadLocal.withInitial(KnownCells::new);

    public Recorder(Counters<Traffic> traffic, Counters<BackendTraffic> backends) {
        this.traffic = traffic;
        this.backends = backends;
    }

    /** From now on, requests are named by this. */
    public void use(Apexes newest) {
        if (newest.equals(apexes)) {
            return;
        }
        apexes = newest;
        labels = new Labels();
        known = ThreadLocal.withInitial(KnownCells::new);
    }

    public void record(Outcome outcome) {
        KnownCells cells = known.get();
        KnownCells.KnownRequest request = cells.find(outcome);
        if (request == null) {
            request = learn(outcome, cells);
        }
        long latency = outcome.firstByteNanos() > 0 ? outcome.firstByteNanos() : outcome.totalNanos();
        Cell inbound = request.inbound();
        if (inbound != null) {
            inbound.bytes(outcome.requestBytes(), outcome.responseBytes());
            inbound.duration(outcome.totalNanos());
            inbound.latency(latency);
        }
        Cell outbound = request.outbound();
        if (outbound != null) {
            outbound.bytes(outcome.requestBytes(), outcome.responseBytes());
            outbound.retries(outcome.attempts().size() - 1);
            outbound.waited(outcome.waitedNanos());
            outbound.duration(outcome.totalNanos());
            outbound.latency(latency);
            List<Attempt> attempts = outcome.attempts();
            for (int i = 0; i < attempts.size(); i++) {
                add(outcome, attempts.get(i), cells);
            }
        }
    }

    private KnownCells.KnownRequest learn(Outcome outcome, KnownCells cells) {
        Optional<ServicePort> apex = apex(outcome);
        boolean calls = outcome.hop() == Hop.OUTBOUND || (outcome.hop() == Hop.EDGE && apex.isPresent());
        return cells.keep(
                outcome,
                outcome.hop() == Hop.OUTBOUND ? null : traffic.cell(inbound(outcome)),
                calls ? traffic.cell(outbound(outcome, apex)) : null);
    }

    private void add(Outcome outcome, Attempt attempt, KnownCells cells) {
        Cell cell = cells.find(outcome, attempt);
        if (cell == null) {
            cell = backends.cell(backend(outcome, attempt));
            cells.keep(outcome, attempt, cell);
        }
        cell.latency(attempt.firstByteNanos() > 0 ? attempt.firstByteNanos() : attempt.endNanos());
    }

    private Optional<ServicePort> apex(Outcome outcome) {
        return outcome.hop() == Hop.INBOUND ? Optional.empty() : apexes.apex(outcome);
    }

    private BackendTraffic backend(Outcome outcome, Attempt attempt) {
        return new BackendTraffic(
                Party.of(outcome.reporter()),
                labels.name(apex(outcome)),
                outcome.rule(),
                labels.name(attempt.servicePort()),
                attempt.endpoint().workload().map(Party::of).orElse(Party.NONE),
                attempt.status(),
                error(attempt.error()));
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
                outcome.client().keyExchange(),
                outcome.hop() == Hop.INBOUND ? outcome.rule() : "",
                outcome.status(),
                outcome.details().grpcStatus(),
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
                outcome.server().map(Peer::keyExchange).orElse(""),
                outcome.rule(),
                outcome.status(),
                outcome.details().grpcStatus(),
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
