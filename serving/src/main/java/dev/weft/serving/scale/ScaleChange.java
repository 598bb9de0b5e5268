package dev.weft.serving.scale;

import dev.weft.model.workload.ServiceName;
import java.time.Instant;

/**
 * One change of a revision's wanted instances.
 *
 * @param from instances wanted before
 * @param to instances wanted now
 * @param reason with the numbers that led to it, for people
 */
public record ScaleChange(ServiceName revision, Instant at, int from, int to, String reason) {}
