package dev.weft.catalog.metrics;

/** Which side of the reporting workload a request was seen on, in Linkerd's words. */
public enum Direction {
    /** It came to the workload. The edge's requests from outside are inbound to the edge. */
    INBOUND,
    /** The workload sent it. What the edge passes into the mesh is outbound of the edge. */
    OUTBOUND;

    /** {@code inbound} or {@code outbound}, as label values are written. */
    public String word() {
        return this == INBOUND ? "inbound" : "outbound";
    }
}
