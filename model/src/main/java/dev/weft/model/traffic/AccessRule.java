package dev.weft.model.traffic;

import dev.weft.model.problem.ResourceReference;
import dev.weft.model.workload.WorkloadIdentity;
import java.util.List;
import java.util.Set;

/**
 * Allows these clients these requests.
 *
 * @param matches any of them; empty means every request
 */
public record AccessRule(ResourceReference source, Set<WorkloadIdentity> clients, List<Match> matches) {

    public AccessRule {
        clients = Set.copyOf(clients);
        matches = List.copyOf(matches);
    }
}
