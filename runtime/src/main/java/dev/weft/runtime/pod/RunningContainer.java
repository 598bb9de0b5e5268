package dev.weft.runtime.pod;

import dev.weft.resources.Key;
import java.time.Instant;

/**
 * A container whose program runs.
 *
 * @param pid the outermost of its processes, which started all others
 */
public record RunningContainer(Key pod, String container, long pid, Instant since) {}
