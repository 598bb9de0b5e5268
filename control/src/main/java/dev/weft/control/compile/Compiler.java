package dev.weft.control.compile;

import dev.weft.control.acme.Challenge;
import dev.weft.control.acme.ChallengeAnswers;
import dev.weft.control.declared.ClusterIps;
import dev.weft.control.declared.Declarations;
import dev.weft.control.declared.Findings;
import dev.weft.control.endpoint.InstanceIndex;
import dev.weft.control.tls.EdgeCertificates;
import dev.weft.control.tls.TlsSecrets;
import dev.weft.model.traffic.EdgeListener;
import dev.weft.model.traffic.Frontend;
import dev.weft.model.traffic.ServicePort;
import dev.weft.model.traffic.Snapshot;
import dev.weft.model.workload.Instance;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/**
 * Makes a snapshot. The same input gives the same output; what it remembers is only which TLS secrets it has checked.
 *
 * <p>Conflicts are decided in this order: a more specific host before a less specific one; for one host Emissary's
 * mappings before a Knative route; for one service port a traffic split before a Knative route before the Service itself;
 * among equals the oldest. Whoever loses is told so in its verdict.
 */
public final class Compiler {

    private final EdgeOptions options;
    private final InstantSource clock;
    private final TlsSecrets secrets = new TlsSecrets();

    /**
     * A compiler that knows of nothing yet.
     *
     * @param clock says which certificates end soon; nothing else depends on it
     */
    public Compiler(EdgeOptions options, InstantSource clock) {
        this.options = options;
        this.clock = clock;
    }

    /** While no authority asks anything. */
    public Snapshot compile(long version, Declarations declarations, List<Instance> instances) {
        return compile(version, declarations, instances, List.of());
    }

    /**
     * Makes the snapshot of what is declared and what runs.
     *
     * @param challenges what authorities ask the edge now
     */
    public Snapshot compile(
            long version, Declarations declarations, List<Instance> instances, List<Challenge> challenges) {
        Findings findings = new Findings();
        RouteGroups routeGroups = new RouteGroups(declarations, findings);
        MeshServices services = new MeshServices(declarations, new InstanceIndex(instances), findings);
        KnativeRoutes knative = new KnativeRoutes(declarations, services, options, findings);
        Faults faults = new Faults(declarations, findings);
        Map<ServicePort, Frontend> mesh =
                faults.onto(new Splits(declarations, services, routeGroups, findings).frontends());
        EdgeHosts hosts = new EdgeHosts(declarations, findings);
        RateLimits limits = new RateLimits(declarations, findings);
        EdgeModules modules = new EdgeModules(declarations, findings);
        MappingEdits edits = new MappingEdits(modules.cors(), findings);
        MappingRules mappings = new MappingRules(declarations, services, limits, faults, edits, findings);
        EdgeStreams streams = new EdgeStreams(declarations, options, mappings, findings);
        EdgeCertificates certificates = new EdgeCertificates(declarations, secrets, findings, clock.instant());
        List<EdgeListener> listeners =
                new EdgeListeners(declarations, hosts, certificates, options, streams, modules, findings).listeners();
        List<EdgeListener> nodePorts = NodePorts.with(listeners, declarations, findings);
        List<EdgeListener> edge = HostPorts.with(nodePorts, instances, services, findings);
        List<Frontend> edgeFrontends = new EdgeFrontends(
                        declarations, hosts, certificates, listeners, mappings, modules, findings)
                .frontends(knative.frontends());
        ClusterIps.check(declarations, findings);
        AccessPolicies access = new AccessPolicies(declarations, routeGroups, findings);
        return new Snapshot(
                version,
                ChallengeAnswers.listeners(edge, challenges),
                ChallengeAnswers.frontends(edgeFrontends, challenges),
                mesh,
                services.groups(),
                instances,
                access.policies(instances),
                limits.pods(instances),
                modules.rules(StrictTransports.of(hosts, findings)),
                findings.verdicts(declarations),
                modules.meshHeads());
    }
}
