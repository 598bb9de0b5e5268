package dev.weft.proxy.exchange;

import dev.weft.http.transport.Connection;
import dev.weft.model.outcome.Hop;
import dev.weft.model.outcome.Peer;
import dev.weft.model.policy.ClientLimits;
import dev.weft.model.traffic.EdgeListener;
import dev.weft.proxy.message.Handshake;
import java.nio.charset.StandardCharsets;

/** Where a client's connection came in, and who is at its other end; the same for all its requests. Owner: its loop. */
public final class Caller {

    private final Entrance entrance;
    private final Peer peer;
    private final ClientLimits patience;
    private final int trustedHops;
    private byte[] forwardedLines = {};

    /** Reads what the handshake showed. */
    public Caller(Worker worker, Entrance entrance, Connection connection) {
        this.entrance = entrance;
        this.peer = Handshake.peer(connection);
        this.patience = entrance.hop() == Hop.EDGE
                ? worker.view().snapshot().edgeRules().clients()
                : ClientLimits.DEFAULT;
        this.trustedHops = entrance.hop() == Hop.EDGE ? trustedHops(worker, entrance.name()) : 0;
    }

    private static int trustedHops(Worker worker, String listener) {
        return worker.view().snapshot().edge().stream()
                .filter(each -> each.name().equals(listener))
                .mapToInt(EdgeListener::trustedHops)
                .findFirst()
                .orElse(0);
    }

    int trustedHops() {
        return trustedHops;
    }

    /** How long his connection may be silent, and how long a head may take. */
    public ClientLimits patience() {
        return patience;
    }

    public Entrance entrance() {
        return entrance;
    }

    /** As the handshake showed him. */
    public Peer peer() {
        return peer;
    }

    /** The header lines that say where the client is. */
    byte[] forwardedLines() {
        if (forwardedLines.length == 0) {
            String lines = "x-forwarded-for: " + address() + "\r\nx-forwarded-proto: " + scheme() + "\r\n";
            forwardedLines = lines.getBytes(StandardCharsets.US_ASCII);
        }
        return forwardedLines;
    }

    /** Numeric, without the port. */
    String address() {
        return peer.address().substring(0, Math.max(0, peer.address().lastIndexOf(':')));
    }

    /** {@code http} or {@code https}. */
    String scheme() {
        return entrance.secured() ? "https" : "http";
    }
}
