package dev.weft.apiserver.store;

import dev.weft.resources.Resource;
import java.util.List;

/**
 * What a kind held at one moment.
 *
 * @param resources ordered by namespace and name
 * @param version the store's resourceVersion at that moment; a watch from it misses nothing
 */
public record Listing(List<Resource> resources, long version) {

    public Listing {
        resources = List.copyOf(resources);
    }
}
