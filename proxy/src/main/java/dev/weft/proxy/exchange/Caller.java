package dev.weft.proxy.exchange;

import dev.weft.http.h1.BodyLimits;
import dev.weft.http.h1.RequestHead;
import dev.weft.http.transport.Connection;
import dev.weft.http.transport.TlsSession;
import dev.weft.model.outcome.Hop;
import dev.weft.model.outcome.Peer;
import dev.weft.model.outcome.ProtocolVerdict;
import dev.weft.model.outcome.ProtocolVerdict.Protocol;
import dev.weft.model.policy.ClientLimits;
import dev.weft.model.policy.Http2Limits;
import dev.weft.model.traffic.EdgeListener;
import dev.weft.model.traffic.TlsPolicy;
import dev.weft.model.workload.WorkloadIdentity;
import dev.weft.proxy.message.CertificateLine;
import dev.weft.proxy.message.Handshake;
import dev.weft.proxy.route.HeadView;
import dev.weft.proxy.route.HostPolicies;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/** Where a client's connection came in, and who is at its other end; the same for all its requests. Owner: its loop. */
public final class Caller {

    private final Entrance entrance;
    private final Optional<ProtocolVerdict> found;
    private final boolean negotiated;
    private final Peer peer;
    private final String place;
    private final ClientLimits limits;
    private final BodyLimits bodyLimits;
    private final int trustedHops;
    private final int streamsMax;
    private final String serverName;
    private final String certificateLine;
    private final boolean edge;
    private byte[] forwardedLines = {};
    /** What his handshake was made by, as the newest snapshot that says the same has it. */
    private TlsPolicy shaken;

    /**
     * Reads what the handshake showed.
     *
     * @param found how it was found out that he speaks HTTP, where that was in question
     */
    public Caller(Worker worker, Entrance entrance, Connection connection, Optional<ProtocolVerdict> found) {
        this.entrance = entrance;
        this.found = found;
        this.negotiated = connection
                .tls()
                .map(TlsSession::protocol)
                .filter(name -> !name.isEmpty())
                .isPresent();
        this.peer = Handshake.peer(connection);
        this.place = connection.peerAddress();
        this.serverName = connection.tls().map(TlsSession::serverName).orElse("");
        this.shaken = connection
                .tls()
                .flatMap(TlsSession::attachment)
                .filter(TlsPolicy.class::isInstance)
                .map(TlsPolicy.class::cast)
                .orElse(TlsPolicy.OPEN);
        this.certificateLine = entrance.hop() == Hop.EDGE ? CertificateLine.of(connection.tls()) : "";
        this.edge = peer.identity().filter(WorkloadIdentity.EDGE::equals).isPresent();
        Optional<EdgeListener> listener =
                entrance.hop() == Hop.EDGE ? listener(worker, entrance.name()) : Optional.empty();
        this.limits = entrance.hop() == Hop.EDGE
                ? worker.view().snapshot().edgeRules().clients()
                : ClientLimits.DEFAULT;
        this.bodyLimits = entrance.hop() == Hop.INBOUND ? BodyLimits.HOP : of(limits.messages());
        this.trustedHops = listener.map(EdgeListener::trustedHops).orElse(0);
        this.streamsMax = listener.map(EdgeListener::streamsMax).orElse(0);
    }

    private static Optional<EdgeListener> listener(Worker worker, String name) {
        return worker.view().snapshot().edge().stream()
                .filter(each -> each.name().equals(name))
                .findFirst();
    }

    /** How it is known which HTTP he speaks. */
    ProtocolVerdict.Reason protocol(boolean multiplexed) {
        Protocol spoken = multiplexed ? Protocol.HTTP2 : Protocol.HTTP1;
        if (found.isPresent() && found.get().protocol() == spoken) {
            return found.get().reason();
        }
        if (negotiated) {
            return ProtocolVerdict.Reason.NEGOTIATED;
        }
        return multiplexed ? ProtocolVerdict.Reason.PREFACE : ProtocolVerdict.Reason.REQUEST_LINE;
    }

    /**
     * Whether he may not ask for this here, as its host asks for something else of handshakes than his was made by (RFC 9110
     * section 15.5.20). No handshake is made by a host that lets nobody in.
     */
    @SuppressWarnings("ReferenceEquality") // the quick case alone; what differs is compared by value below
    public boolean misdirected(HostPolicies policies, HeadView head) {
        TlsPolicy wanted = policies.of(head);
        if (wanted == shaken) {
            return false;
        }
        if (!HostPolicies.alike(wanted, shaken)) {
            return true;
        }
        shaken = wanted; // the same, as the newer snapshot has it: the next comparison is the one above
        return false;
    }

    /** Whether a head of his goes on as HTTP/1.0: the mesh is to change nothing, while an edge speaks as itself. */
    boolean keepsVersion(RequestHead head) {
        return head.minorVersion() == 0 && entrance.hop() != Hop.EDGE;
    }

    /** Whether the host that his handshake was for asks for something else by now. */
    public boolean outdated(Map<String, HostPolicies> listeners) {
        HostPolicies policies = listeners.get(entrance.name());
        return policies != null && entrance.secured() && !HostPolicies.alike(policies.of(serverName), shaken);
    }

    /** Whether he is this mesh's edge, which alone says what it knows of those outside. */
    public boolean isEdge() {
        return edge;
    }

    /** The header line that shows his certificate, as the edge verified it; empty without one. */
    public byte[] certificateLine() {
        return certificateLine.getBytes(StandardCharsets.US_ASCII);
    }

    /** How he may use HTTP/2, where he comes from outside. */
    public Http2Limits http2() {
        return streamsMax == 0 ? limits.http2() : limits.http2().withStreamsMax(streamsMax);
    }

    int trustedHops() {
        return trustedHops;
    }

    /** How much of answers may wait for him, and how many requests his connection may carry. */
    public ClientLimits.Messages messages() {
        return limits.messages();
    }

    BodyLimits bodyLimits() {
        return bodyLimits;
    }

    private static BodyLimits of(ClientLimits.Messages limits) {
        return new BodyLimits(limits.extensionBytesMax(), limits.trailerBytesMax());
    }

    /** How long his connection may be silent, and how long a head may take. */
    public ClientLimits.Patience patience() {
        return limits.patience();
    }

    public Entrance entrance() {
        return entrance;
    }

    /** As the handshake showed him. */
    public Peer peer() {
        return peer;
    }

    /** The header lines that say where the client is, and who, where the edge verified that. */
    byte[] forwardedLines() {
        if (forwardedLines.length == 0) {
            String lines =
                    "x-forwarded-for: " + address() + "\r\nx-forwarded-proto: " + scheme() + "\r\n" + certificateLine;
            forwardedLines = lines.getBytes(StandardCharsets.US_ASCII);
        }
        return forwardedLines;
    }

    /** Numeric, without the port. */
    String address() {
        return withoutPort(peer.address());
    }

    /** The same of the connection's other end, whomever it speaks for. */
    String peerAddress() {
        return withoutPort(place);
    }

    private static String withoutPort(String place) {
        return place.substring(0, Math.max(0, place.lastIndexOf(':')));
    }

    /** {@code http} or {@code https}. */
    String scheme() {
        return entrance.secured() ? "https" : "http";
    }
}
