package dev.weft.proxy.relay;

import dev.weft.http.transport.Connection;
import dev.weft.http.transport.Credentials.TrustedPeers;
import dev.weft.http.transport.TlsSession;
import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.workload.WorkloadIdentity;
import java.util.List;
import java.util.Optional;

/**
 * Connections that are joined for as long as both ends are trusted: unlike a request, such a stream has no end of its own at
 * which trust would be asked for again. Owner: the worker's loop.
 */
public interface OpenStream {

    /** The connections that it is made of. */
    List<Connection> ends();

    /** Why policy no longer allows it, for people; empty while it does. */
    String denied();

    /** Breaks it off. */
    void cancel(ErrorCode error, String detail);

    /** Ends it when a certificate did. */
    default void expire(long nowMillis) {
        for (Connection end : ends()) {
            if (end.expired(nowMillis) && isMesh(end)) {
                cancel(ErrorCode.TRUST_ENDED, "the certificate of " + name(end) + " has ended");
                return;
            }
        }
    }

    /** Ends it when one of its ends is trusted no more. */
    default void review(TrustedPeers trusted) {
        for (Connection end : ends()) {
            Optional<String> refusal = isMesh(end) ? end.tls().flatMap(trusted::refusal) : Optional.empty();
            if (refusal.isPresent()) {
                cancel(ErrorCode.TRUST_ENDED, refusal.get());
                return;
            }
        }
    }

    /** Ends it when policy does not allow it any more. */
    default void judge() {
        String reason = denied();
        if (!reason.isEmpty()) {
            cancel(ErrorCode.ACCESS_REVOKED, reason);
        }
    }

    private static boolean isMesh(Connection end) {
        return WorkloadIdentity.parse(name(end)).isPresent();
    }

    private static String name(Connection end) {
        return end.tls().map(TlsSession::peerUri).orElse("");
    }
}
