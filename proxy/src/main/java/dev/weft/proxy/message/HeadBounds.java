package dev.weft.proxy.message;

import dev.weft.http.h1.Limits;
import dev.weft.model.outcome.Hop;
import dev.weft.model.policy.HeadLimits;
import dev.weft.model.traffic.Endpoint;

/**
 * What heads may cost on each way.
 *
 * @param outside of the mesh; the edge's own rules are stricter for its clients
 * @param program from a program of the mesh
 * @param proxy from another proxy of the mesh
 */
public record HeadBounds(Limits outside, Limits program, Limits proxy) {

    public static final HeadBounds DEFAULT = of(HeadLimits.DEFAULT);

    /** Another proxy is the edge too, which may let in more than programs may say. */
    public static HeadBounds of(HeadLimits mesh) {
        Limits edge = Limits.DEFAULT;
        Limits own = new Limits(mesh.bytesMax(), mesh.targetBytesMax(), mesh.fieldsMax());
        Limits most = new Limits(
                Math.max(edge.headBytesMax(), own.headBytesMax()),
                Math.max(edge.targetBytesMax(), own.targetBytesMax()),
                Math.max(edge.fieldsMax(), own.fieldsMax()));
        return new HeadBounds(edge, own, most.behindAnother());
    }

    /** Of requests that come in there. */
    public Limits ofRequests(Hop hop) {
        return switch (hop) {
            case EDGE -> outside;
            case OUTBOUND -> program;
            case INBOUND -> proxy;
        };
    }

    /** Of answers to requests that came in there. */
    public Limits ofAnswers(Hop hop, Endpoint.Transport transport) {
        return transport == Endpoint.Transport.MESH ? proxy : hop == Hop.EDGE ? outside : program;
    }
}
