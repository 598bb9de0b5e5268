package dev.weft.model.traffic;

/**
 * What the edge does with a head before any route sees it.
 *
 * @param underscores what becomes of headers with an underscore in their names, which some programs take for a dash
 * @param escapedSlashes what becomes of a path with {@code %2F} or {@code %5C}, which some programs decode
 * @param mergeSlashes whether {@code //} in a path becomes {@code /}
 */
public record EdgeRules(Underscores underscores, EscapedSlashes escapedSlashes, boolean mergeSlashes) {

    public static final EdgeRules DEFAULT = new EdgeRules(Underscores.REFUSE, EscapedSlashes.REFUSE, false);

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
