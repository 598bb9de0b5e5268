package dev.weft.model.traffic;

import dev.weft.model.policy.HeadLimits;
import dev.weft.model.policy.RateLimit;
import dev.weft.model.problem.Verdict;
import dev.weft.model.workload.Instance;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that the data plane knows, at one moment. Replaced as a whole; parts that did not change are shared.
 *
 * @param version grows by one with every change; never reused within a data directory
 * @param edge where the edge gateway accepts connections
 * @param edgeFrontends what the edge serves, most specific host first; the first frontend that matches decides
 * @param meshFrontends what a workload's call means, by the service and port that it names
 * @param groups every service port's endpoints
 * @param instances every pod of this machine, with the listeners that its proxy holds for it
 * @param access who may call a pod, by {@code namespace/name} of the pod
 * @param limits how often a pod may be called, by {@code namespace/name} of the pod, or one of its ports, by {@code
 *     namespace/name:port}
 * @param edgeRules what holds at every port of the edge
 * @param verdicts what became of each resource
 * @param meshHeads what heads within the mesh may cost; empty for {@link HeadLimits#DEFAULT}
 */
public record Snapshot(
        long version,
        List<EdgeListener> edge,
        List<Frontend> edgeFrontends,
        Map<ServicePort, Frontend> meshFrontends,
        Map<ServicePort, EndpointGroup> groups,
        List<Instance> instances,
        Map<String, AccessPolicy> access,
        Map<String, List<RateLimit>> limits,
        EdgeRules edgeRules,
        List<Verdict> verdicts,
        Optional<HeadLimits> meshHeads) {

    public static final Snapshot EMPTY =
            new Snapshot(0, List.of(), List.of(), Map.of(), Map.of(), List.of(), Map.of(), List.of());

    public Snapshot {
        edge = List.copyOf(edge);
        edgeFrontends = List.copyOf(edgeFrontends);
        meshFrontends = Map.copyOf(meshFrontends);
        groups = Map.copyOf(groups);
        instances = List.copyOf(instances);
        access = Map.copyOf(access);
        limits = Map.copyOf(limits);
        verdicts = List.copyOf(verdicts);
    }

    /** With the usual limits for heads within the mesh. */
    public Snapshot(
            long version,
            List<EdgeListener> edge,
            List<Frontend> edgeFrontends,
            Map<ServicePort, Frontend> meshFrontends,
            Map<ServicePort, EndpointGroup> groups,
            List<Instance> instances,
            Map<String, AccessPolicy> access,
            Map<String, List<RateLimit>> limits,
            EdgeRules edgeRules,
            List<Verdict> verdicts) {
        this(
                version,
                edge,
                edgeFrontends,
                meshFrontends,
                groups,
                instances,
                access,
                limits,
                edgeRules,
                verdicts,
                Optional.empty());
    }

    /** Without rate limits of pods, and with the edge's standard rules. */
    public Snapshot(
            long version,
            List<EdgeListener> edge,
            List<Frontend> edgeFrontends,
            Map<ServicePort, Frontend> meshFrontends,
            Map<ServicePort, EndpointGroup> groups,
            List<Instance> instances,
            Map<String, AccessPolicy> access,
            List<Verdict> verdicts) {
        this(
                version,
                edge,
                edgeFrontends,
                meshFrontends,
                groups,
                instances,
                access,
                Map.of(),
                EdgeRules.DEFAULT,
                verdicts);
    }
}
