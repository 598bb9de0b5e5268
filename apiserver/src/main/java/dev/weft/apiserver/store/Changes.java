package dev.weft.apiserver.store;

import dev.weft.resources.Change;
import java.util.List;

/**
 * Steps of one kind, in order.
 *
 * @param changes empty when nothing happened in the time
 * @param version up to which the reader has now seen everything; go on from here
 */
public record Changes(List<Change> changes, long version) {

    public Changes {
        changes = List.copyOf(changes);
    }
}
