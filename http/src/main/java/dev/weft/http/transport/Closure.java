package dev.weft.http.transport;

/**
 * Why a connection is gone.
 *
 * @param detail one clause for people
 */
public record Closure(Kind kind, String detail) {

    /** The reasons that make a difference. */
    public enum Kind {
        /** This side closed it. */
        HERE,
        /** The peer closed it, or it broke. */
        PEER,
        /** It never came to be: refused or unreachable. */
        NOT_CONNECTED,
        /** It never came to be: the deadline passed before it was open. */
        NOT_IN_TIME,
        /** The handshake failed, or the peer is not whom it was expected to be. */
        TLS,
        /** Code of this side failed in a way that nobody expected. */
        BUG
    }

    /** Whether one side closed it as sides do, and neither broke it off. */
    public boolean orderly() {
        return equals(HERE) || equals(PEER);
    }

    static final Closure HERE = new Closure(Kind.HERE, "closed by this side");
    static final Closure PEER = new Closure(Kind.PEER, "closed by the peer");
}
