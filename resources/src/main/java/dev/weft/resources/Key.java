package dev.weft.resources;

import dev.weft.model.problem.ResourceReference;

/**
 * Names one resource in a store.
 *
 * @param namespace empty for resources of the cluster
 */
public record Key(Kind kind, String namespace, String name) {

    public ResourceReference reference() {
        return new ResourceReference(kind.group(), kind.kind(), namespace, name);
    }

    /** {@code TrafficSplit shop/checkout}. */
    @Override
    public String toString() {
        return reference().toString();
    }
}
