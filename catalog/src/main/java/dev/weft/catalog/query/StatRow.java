package dev.weft.catalog.query;

import dev.weft.catalog.metrics.Golden;

/**
 * One line of {@code weft stat}.
 *
 * @param kind {@code deployment}, {@code service} or {@code edge}
 * @param meshed how many pods have a proxy before them
 * @param pods how many there are
 */
public record StatRow(String kind, String namespace, String name, int meshed, int pods, Golden golden) {}
