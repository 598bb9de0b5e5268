package dev.weft.catalog.declared;

import dev.weft.resources.Key;

/**
 * What became of one resource, in one line.
 *
 * @param message one or two sentences; empty when there is nothing to say
 */
public record ResourceRow(Key key, State state, String reason, String message) {

    public enum State {
        /** It does what it says. */
        READY,
        /** It is on the way there, or nothing says otherwise. */
        WAITING,
        /** It works, with a remark. */
        REMARK,
        /** It does not work, or was refused. */
        FAILED
    }
}
