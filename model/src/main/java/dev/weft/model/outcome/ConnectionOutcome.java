package dev.weft.model.outcome;

import dev.weft.model.traffic.Endpoint;
import dev.weft.model.traffic.ServicePort;
import dev.weft.model.workload.Workload;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What happened to one connection that was passed on as bytes, at one hop.
 *
 * @param id the same at every hop; of a connection that switched protocols, its request's
 * @param ends who talked; the same object that was told when it was established
 * @param established whether bytes could flow; when not, {@code error} says why
 * @param serverName that the client named in its TLS handshake; empty for none
 * @param attempts endpoints tried, in order, the last one in use
 * @param clientBytes that the client sent and that were passed on
 * @param serverBytes likewise of the server
 * @param endedBy who ended it first
 * @param error set when it ended in any way but both sides' having said all
 * @param detail one clause for people; empty when all is well
 * @param waitedNanos time held for capacity, 0 for none
 * @param connectNanos from accepting until bytes could flow
 * @param decisions filled for connections that failed or are being tapped; empty otherwise
 * @param trace present when this hop's span is to be recorded
 */
public record ConnectionOutcome(
        String id,
        Ends ends,
        boolean established,
        ProtocolVerdict verdict,
        String serverName,
        List<Attempt> attempts,
        long clientBytes,
        long serverBytes,
        EndedBy endedBy,
        Optional<ErrorCode> error,
        String detail,
        Instant startedAt,
        long waitedNanos,
        long connectNanos,
        long totalNanos,
        List<Decision> decisions,
        Optional<Trace> trace,
        long snapshotVersion)
        implements Ended {

    public ConnectionOutcome {
        attempts = List.copyOf(attempts);
        decisions = List.copyOf(decisions);
    }

    @Override
    public Hop hop() {
        return ends.hop();
    }

    @Override
    public Workload reporter() {
        return ends.reporter();
    }

    @Override
    public boolean failed() {
        return error.isPresent();
    }

    /**
     * The two ends of a connection through a proxy.
     *
     * @param reporter whose proxy this is, as in {@link Outcome}
     * @param client the other end of the accepted connection
     * @param server the other end of the connection made for it; empty when there is none
     * @param endpoint behind it, likewise
     * @param service where it goes; empty inbound
     */
    public record Ends(
            Hop hop,
            Workload reporter,
            String listener,
            Peer client,
            Optional<Peer> server,
            Optional<Endpoint> endpoint,
            Optional<ServicePort> service) {}

    public enum EndedBy {
        CLIENT,
        SERVER,
        PROXY
    }
}
