package dev.weft.runtime.logs;

import java.time.Instant;

/**
 * Which lines to read.
 *
 * @param previous those of the run before this one
 * @param follow whether to wait for more at the end
 * @param tailLines how many of the newest to begin with, or a negative number for all
 * @param since nothing older than this
 */
public record LogQuery(boolean previous, boolean follow, int tailLines, Instant since) {

    public static final LogQuery ALL = new LogQuery(false, false, -1, Instant.EPOCH);
    public static final LogQuery FOLLOW = new LogQuery(false, true, -1, Instant.EPOCH);
}
