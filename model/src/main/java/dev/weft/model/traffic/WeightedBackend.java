package dev.weft.model.traffic;

/**
 * A share of a rule's requests.
 *
 * @param weight relative to the sum of the rule's weights, 0 or more
 */
public record WeightedBackend(Backend backend, int weight) {

    public WeightedBackend {
        if (weight < 0) {
            throw new IllegalArgumentException("weight: " + weight + " (expected: 0 or more)");
        }
    }
}
