package dev.weft.proxy.exchange;

import dev.weft.model.traffic.Endpoint;
import dev.weft.model.traffic.EndpointGroup;
import dev.weft.model.traffic.Snapshot;
import dev.weft.model.workload.Workload;
import dev.weft.proxy.access.Authorizer;
import dev.weft.proxy.message.HeadBounds;
import dev.weft.proxy.rate.RateLimiter;
import dev.weft.proxy.retry.RetryBudget;
import dev.weft.proxy.route.HostPolicies;
import dev.weft.proxy.route.RouteTable;
import dev.weft.proxy.route.Signature;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One snapshot made ready for the loops. Immutable but for what its parts say of themselves; replaced as a whole.
 *
 * @param authorizers by {@code namespace/name} of the pod
 * @param budgets by the frontend's name; one for all rules that name the same terms
 * @param limiters of pods, by {@code namespace/name}, and of routes, by the limit's source
 * @param zones of the workloads that have one
 * @param signature what the edge says in all its answers
 * @param hostPolicies of the edge's listeners whose hosts ask for different things in handshakes, by name
 * @param programs behind this machine's inbound ports
 * @param heads what heads may cost
 * @param endpoints all there are, so that connections to others can be dropped
 */
public record View(
        Snapshot snapshot,
        RouteTable routes,
        Map<String, Authorizer> authorizers,
        Map<String, List<RetryBudget>> budgets,
        Map<String, List<RateLimiter>> limiters,
        Set<Endpoint> endpoints,
        Map<Workload, String> zones,
        Signature signature,
        Map<String, HostPolicies> hostPolicies,
        Programs programs,
        HeadBounds heads) {

    /** A view of nothing. */
    public static View empty() {
        return new View(
                Snapshot.EMPTY,
                RouteTable.empty(),
                Map.of(),
                Map.of(),
                Map.of(),
                Set.of(),
                Map.of(),
                Signature.NONE,
                Map.of(),
                Programs.NONE,
                HeadBounds.DEFAULT);
    }

    /** The zone of a workload of this machine, where the group asks for it; empty otherwise. */
    public String zone(EndpointGroup group, Workload workload) {
        return switch (group.policy().zones()) {
            case ANY -> "";
            case CLOSE -> zones.getOrDefault(workload, "");
        };
    }

    /** All endpoints of all groups. */
    public static Set<Endpoint> endpointsOf(Snapshot snapshot) {
        return snapshot.groups().values().stream()
                .map(EndpointGroup::endpoints)
                .flatMap(List::stream)
                .collect(Collectors.toUnmodifiableSet());
    }
}
