package dev.weft.model.traffic;

import dev.weft.model.problem.ResourceReference;
import dev.weft.model.workload.WorkloadIdentity;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Allows these clients these requests.
 *
 * @param matches any of them; empty means every request
 * @param ports present for a rule about connections: it allows whatever goes over one to any of these ports of the pod, and
 *     to every port when empty; {@code matches} is empty then. Absent for a rule about requests, which allows no opaque
 *     stream
 */
public record AccessRule(
        ResourceReference source, Set<WorkloadIdentity> clients, List<Match> matches, Optional<Set<Integer>> ports) {

    /** A rule about requests. */
    public AccessRule(ResourceReference source, Set<WorkloadIdentity> clients, List<Match> matches) {
        this(source, clients, matches, Optional.empty());
    }

    public AccessRule {
        clients = Set.copyOf(clients);
        matches = List.copyOf(matches);
        ports = ports.map(Set::copyOf);
    }
}
