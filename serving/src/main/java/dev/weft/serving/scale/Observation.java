package dev.weft.serving.scale;

/**
 * What the decider sees at one moment.
 *
 * @param nowNanos on any clock that only goes forward
 * @param stable the metric over the stable window
 * @param panic the metric over the panic window
 * @param ready instances that can take requests
 * @param reachable whether a route refers to the revision
 */
public record Observation(long nowNanos, double stable, double panic, int ready, boolean reachable) {}
