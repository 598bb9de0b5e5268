package dev.weft.model.outcome;

import dev.weft.model.traffic.ServicePort;
import dev.weft.model.workload.Workload;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What happened to one request at one hop. One is made for each request, when its answer has been written whole or has
 * failed.
 *
 * @param requestId the {@code x-request-id} header's value; the edge makes one where the client sent none
 * @param reporter the workload whose proxy this is: the edge, the caller (outbound) or the called pod (inbound)
 * @param client the other end of the connection that the request came on
 * @param server the other end of the connection that it went out on, empty when it did not go out
 * @param frontend the frontend's name; empty when none matched
 * @param rule the rule's name; empty when none matched
 * @param service where it was sent; empty when it was not routed, and on inbound
 * @param path without the query, which may hold secrets
 * @param status what the client got, 0 when the connection broke before a status was written
 * @param error set when the proxy itself made the answer, or cut it off
 * @param startedAt when the head had been read
 * @param waitedNanos time held for capacity ({@link dev.weft.model.workload.Capacity}), 0 for none
 * @param firstByteNanos from start to the answer's head; 0 when there was none
 * @param totalNanos from start to the end
 * @param attempts in order; empty when the request never left
 * @param decisions filled for requests that failed or are being tapped; empty otherwise
 * @param details what logs and traces asked for
 */
public record Outcome(
        String requestId,
        Hop hop,
        Workload reporter,
        Peer client,
        Optional<Peer> server,
        String listener,
        String frontend,
        String rule,
        Optional<ServicePort> service,
        String method,
        String authority,
        String path,
        int status,
        Optional<ErrorCode> error,
        Instant startedAt,
        long waitedNanos,
        long firstByteNanos,
        long totalNanos,
        long requestBytes,
        long responseBytes,
        List<Attempt> attempts,
        List<Decision> decisions,
        long snapshotVersion,
        Details details)
        implements Ended {

    /** Of a request of which nobody wanted details. */
    public Outcome(
            String requestId,
            Hop hop,
            Workload reporter,
            Peer client,
            Optional<Peer> server,
            String listener,
            String frontend,
            String rule,
            Optional<ServicePort> service,
            String method,
            String authority,
            String path,
            int status,
            Optional<ErrorCode> error,
            Instant startedAt,
            long waitedNanos,
            long firstByteNanos,
            long totalNanos,
            long requestBytes,
            long responseBytes,
            List<Attempt> attempts,
            List<Decision> decisions,
            long snapshotVersion) {
        this(
                requestId,
                hop,
                reporter,
                client,
                server,
                listener,
                frontend,
                rule,
                service,
                method,
                authority,
                path,
                status,
                error,
                startedAt,
                waitedNanos,
                firstByteNanos,
                totalNanos,
                requestBytes,
                responseBytes,
                attempts,
                decisions,
                snapshotVersion,
                Details.HTTP_1_1);
    }

    @Override
    public String id() {
        return requestId;
    }

    @Override
    public boolean failed() {
        return error.isPresent() || status == 0 || status >= 400 || Details.isGrpcFailure(details.grpcStatus());
    }

    /** As Linkerd classifies: a status of 500 and above, or none at all, or a gRPC status of that kind, is a failure. */
    public boolean success() {
        return status > 0 && status < 500 && !Details.isGrpcFailure(details.grpcStatus());
    }
}
