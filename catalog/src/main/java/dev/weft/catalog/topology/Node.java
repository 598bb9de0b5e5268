package dev.weft.catalog.topology;

import dev.weft.catalog.metrics.Golden;

/**
 * One thing on the map.
 *
 * @param id stable, for example {@code service/default/hello}
 * @param ready pods that take requests
 * @param wanted pods that are to be
 * @param identity its SPIFFE identity; empty for what has none or is at zero
 * @param golden of the requests that came to it
 */
public record Node(
        String id, Type type, String namespace, String name, int ready, int wanted, String identity, Golden golden) {

    public enum Type {
        /** Whoever calls from outside. */
        CLIENTS,
        EDGE,
        SERVICE,
        WORKLOAD,
        /** A workload that can sleep. */
        REVISION
    }
}
