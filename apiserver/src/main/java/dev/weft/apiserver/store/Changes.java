package dev.weft.apiserver.store;

import java.util.List;

/**
 * Steps of one kind, in order.
 *
 * @param steps empty when nothing happened in the time
 * @param version up to which the reader has now seen everything; go on from here
 */
public record Changes(List<Step> steps, long version) {

    public Changes {
        steps = List.copyOf(steps);
    }
}
