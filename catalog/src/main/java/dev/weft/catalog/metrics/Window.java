package dev.weft.catalog.metrics;

import java.util.Map;

/**
 * What was added between two moments.
 *
 * @param seconds how long that really was; shorter than asked for while the catalogue is younger
 * @param traffic only series to which something was added
 */
public record Window(double seconds, Map<Traffic, Sums> traffic, Map<BackendTraffic, Sums> backends) {}
