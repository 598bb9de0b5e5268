package dev.weft.model.traffic;

/**
 * What is declared of the bytes on a service port.
 *
 * @param said by what, for people, for example {@code appProtocol "redis"}; empty for {@link Kind#DETECT}
 */
public record DeclaredProtocol(Kind kind, String said) {

    public static final DeclaredProtocol NONE = new DeclaredProtocol(Kind.DETECT, "");

    /** How its connections are treated. */
    public enum Kind {
        /** Nothing is declared: the bytes tell. */
        DETECT,
        HTTP1,
        HTTP2,
        /** Bytes that nobody looks into; TLS between programs too. */
        OPAQUE
    }
}
