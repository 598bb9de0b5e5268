package dev.weft.proxy.relay;

import dev.weft.http.transport.Connection;
import dev.weft.http.transport.TlsSession;
import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.workload.WorkloadIdentity;
import java.security.cert.X509Certificate;
import java.util.List;

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

    /** Ends it when none of the anchors of now vouches for an end. */
    default void review(List<X509Certificate> anchors) {
        for (Connection end : ends()) {
            if (isMesh(end) && !end.tls().map(tls -> tls.isVouchedFor(anchors)).orElse(true)) {
                cancel(ErrorCode.TRUST_ENDED, "the trust anchor behind " + name(end) + " was removed");
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
