package dev.weft.model.policy;

import dev.weft.model.problem.ResourceReference;
import dev.weft.model.workload.WorkloadIdentity;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How many requests a second may pass. Rates are whole numbers of requests, 0 for no limit.
 *
 * @param total of all callers together
 * @param perCaller of each caller by itself: a workload's identity, outside the mesh the client's address
 * @param overrides in place of {@code perCaller} for the callers that they name; the first that names one holds
 */
public record RateLimit(
        ResourceReference source, int total, int perCaller, List<CallerRate> overrides, Optional<PerHeader> perHeader) {

    /** Another rate, which these callers share. */
    public record CallerRate(Set<WorkloadIdentity> callers, int requestsPerSecond) {
        public CallerRate {
            callers = Set.copyOf(callers);
        }
    }

    /**
     * A rate of each value of a header by itself; a request without the header is not limited by it.
     *
     * @param name lower case
     * @param overrides in place of {@code requestsPerSecond}, by value
     */
    public record PerHeader(String name, int requestsPerSecond, Map<String, Integer> overrides) {
        public PerHeader {
            overrides = Map.copyOf(overrides);
        }
    }

    public RateLimit {
        overrides = List.copyOf(overrides);
    }
}
