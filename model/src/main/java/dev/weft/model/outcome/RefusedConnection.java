package dev.weft.model.outcome;

import dev.weft.model.workload.Workload;

/**
 * A connection that was refused before anything could be asked on it.
 *
 * @param reporter whose proxy this is, as in {@link Outcome}
 * @param listener that it came to
 * @param client with what it had shown until then
 * @param detail one sentence for people
 */
public record RefusedConnection(
        Hop hop, Workload reporter, String listener, Peer client, ErrorCode error, String detail) {}
