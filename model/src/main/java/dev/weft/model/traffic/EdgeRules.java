package dev.weft.model.traffic;

import dev.weft.model.policy.ClientLimits;

/**
 * What the edge does with a head before any route sees it.
 *
 * @param underscores what becomes of headers with an underscore in their names, which some programs take for a dash
 * @param escapedSlashes what becomes of a path with {@code %2F} or {@code %5C}, which some programs decode
 * @param mergeSlashes whether {@code //} in a path becomes {@code /}
 * @param headBytesMax of the request line and the headers; more is 431
 * @param targetBytesMax of the path and the query; more is 414
 * @param fieldsMax headers; more is 431
 * @param clients what is taken of clients beside heads
 */
public record EdgeRules(
        Underscores underscores,
        EscapedSlashes escapedSlashes,
        boolean mergeSlashes,
        int headBytesMax,
        int targetBytesMax,
        int fieldsMax,
        ClientLimits clients) {

    /** Envoy's limits for heads, nginx's for the target. */
    public static final EdgeRules DEFAULT =
            new EdgeRules(Underscores.REFUSE, EscapedSlashes.REFUSE, false, 60 * 1024, 8 * 1024, 100);

    /** With what is usual of clients. */
    public EdgeRules(
            Underscores underscores,
            EscapedSlashes escapedSlashes,
            boolean mergeSlashes,
            int headBytesMax,
            int targetBytesMax,
            int fieldsMax) {
        this(underscores, escapedSlashes, mergeSlashes, headBytesMax, targetBytesMax, fieldsMax, ClientLimits.DEFAULT);
    }

    public EdgeRules with(ClientLimits others) {
        return new EdgeRules(
                underscores, escapedSlashes, mergeSlashes, headBytesMax, targetBytesMax, fieldsMax, others);
    }

    public enum Underscores {
        REFUSE,
        DROP,
        ALLOW
    }

    public enum EscapedSlashes {
        REFUSE,
        /** The client is sent to the path with the slashes written out. */
        REDIRECT,
        ALLOW
    }
}
