package dev.weft.runtime.check;

/**
 * One thing that was tried.
 *
 * @param subject what it is about, two or three words
 * @param message what was found
 * @param remedy what to do about it; empty when nothing has to be done
 */
public record Finding(String subject, Level level, String message, String remedy) {

    public enum Level {
        WORKS,
        /** Weft runs, with a limit that the message names. */
        LIMITED,
        /** Weft cannot run. */
        MISSING
    }
}
