package dev.weft.proxy.message;

import dev.weft.http.transport.Connection;
import dev.weft.http.transport.TlsSession;
import dev.weft.model.outcome.Peer;
import dev.weft.model.workload.WorkloadIdentity;
import java.util.Optional;

/** What a connection's handshake showed. */
public final class Handshake {

    private Handshake() {}

    /** Whoever is at the other end. */
    public static Peer peer(Connection connection) {
        Optional<TlsSession> tls = connection.tls();
        return new Peer(
                connection.remoteAddress(),
                tls.flatMap(session -> WorkloadIdentity.parse(session.peerUri())),
                tls.map(TlsSession::version).orElse(""),
                tls.map(TlsSession::cipher).orElse(""),
                tls.map(TlsSession::keyExchange).orElse(""));
    }
}
