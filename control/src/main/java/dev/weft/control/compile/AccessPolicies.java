package dev.weft.control.compile;

import dev.weft.control.declared.Declarations;
import dev.weft.control.declared.Declared;
import dev.weft.control.declared.Findings;
import dev.weft.model.traffic.AccessPolicy;
import dev.weft.model.traffic.AccessRule;
import dev.weft.model.traffic.Match;
import dev.weft.model.workload.Instance;
import dev.weft.model.workload.WorkloadIdentity;
import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import dev.weft.resources.smi.TcpRoute;
import dev.weft.resources.smi.TrafficTarget;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Who may call each pod: SMI's traffic targets by service account, Linkerd's annotation where none speaks. */
final class AccessPolicies {

    static final String ANNOTATION = "config.linkerd.io/default-inbound-policy";

    private static final List<String> ALLOWING =
            List.of("all-unauthenticated", "all-authenticated", "cluster-authenticated", "cluster-unauthenticated");

    private record Subject(String namespace, String serviceAccount, String annotation) {}

    private final Declarations declarations;
    private final RouteGroups routeGroups;
    private final Findings findings;
    private final Map<TrafficTarget.Account, List<Declared<TrafficTarget>>> targets = new HashMap<>();
    private final Map<TrafficTarget.Account, List<AccessRule>> rules = new HashMap<>();

    AccessPolicies(Declarations declarations, RouteGroups routeGroups, Findings findings) {
        this.declarations = declarations;
        this.routeGroups = routeGroups;
        this.findings = findings;
        for (Declared<TrafficTarget> declared : declarations.readable(Kinds.TRAFFIC_TARGET, TrafficTarget.class)) {
            TrafficTarget target = declared.value().orElseThrow();
            targets.computeIfAbsent(target.destination(), any -> new ArrayList<>())
                    .add(declared);
            rules.computeIfAbsent(target.destination(), any -> new ArrayList<>())
                    .addAll(rules(declared, target));
        }
    }

    /** By {@code namespace/name} of the pod. */
    Map<String, AccessPolicy> policies(List<Instance> instances) {
        Map<String, AccessPolicy> policies = new HashMap<>();
        Map<Subject, AccessPolicy> same = new HashMap<>();
        for (Instance instance : instances) {
            WorkloadIdentity identity = instance.workload().identity();
            String namespace = instance.workload().namespace();
            String name = instance.workload().name();
            Subject subject = new Subject(namespace, identity.serviceAccount(), podAnnotation(namespace, name));
            policies.put(namespace + "/" + name, same.computeIfAbsent(subject, this::policy));
        }
        return policies;
    }

    private AccessPolicy policy(Subject subject) {
        TrafficTarget.Account account = new TrafficTarget.Account(subject.namespace, subject.serviceAccount);
        List<Declared<TrafficTarget>> named = targets.getOrDefault(account, List.of());
        List<AccessRule> allowed = rules.getOrDefault(account, List.of());
        if (!named.isEmpty()) {
            String names = String.join(
                    ", ", named.stream().map(target -> target.key().toString()).toList());
            return new AccessPolicy(
                    allowed,
                    AccessPolicy.Unmatched.DENY,
                    names + " decides who may call service account " + account.namespace() + "/" + account.name()
                            + ", and does not allow this");
        }
        String where = subject.annotation.isEmpty() ? "namespace " + subject.namespace : "the pod";
        String value = subject.annotation.isEmpty() ? namespaceAnnotation(subject.namespace) : subject.annotation;
        if (value.equals("deny")) {
            return new AccessPolicy(
                    List.of(),
                    AccessPolicy.Unmatched.DENY,
                    "no TrafficTarget names service account " + account.namespace() + "/" + account.name()
                            + " as its destination, and default-inbound-policy of " + where + " is deny");
        }
        return AccessPolicy.ALLOW_AUTHENTICATED;
    }

    /** A target that cannot be understood whole allows nothing, but still keeps everybody else out. */
    private List<AccessRule> rules(Declared<TrafficTarget> declared, TrafficTarget target) {
        List<Match> matches = new ArrayList<>();
        List<Set<Integer>> ports = new ArrayList<>();
        for (int i = 0; i < target.rules().size(); i++) {
            TrafficTarget.Rule rule = target.rules().get(i);
            String field = "spec.rules[" + i + "]";
            if (rule.kind().equals("TCPRoute")) {
                tcpRoute(declared, field, rule.name()).ifPresent(route -> ports.add(route.ports()));
            } else {
                routeGroups
                        .matches(declared.key(), field + ".name", rule.name(), rule.matches())
                        .ifPresent(matches::addAll);
            }
        }
        Set<WorkloadIdentity> clients = new LinkedHashSet<>();
        for (TrafficTarget.Account source : target.sources()) {
            clients.add(new WorkloadIdentity(WorkloadIdentity.TRUST_DOMAIN, source.namespace(), source.name()));
        }
        List<AccessRule> rules = new ArrayList<>();
        if (!matches.isEmpty()) {
            rules.add(new AccessRule(declared.key().reference(), clients, matches));
        }
        ports.forEach(
                each -> rules.add(new AccessRule(declared.key().reference(), clients, List.of(), Optional.of(each))));
        return rules;
    }

    private Optional<TcpRoute> tcpRoute(Declared<TrafficTarget> declared, String field, String name) {
        String namespace = declared.resource().namespace();
        Optional<TcpRoute> found = declarations.find(Kinds.TCP_ROUTE.key(namespace, name), TcpRoute.class);
        if (found.isEmpty()) {
            findings.error(
                    declared.key(),
                    field + ".name",
                    "RouteNotFound",
                    "TCPRoute \"" + name + "\" does not exist.",
                    "Create TCPRoute " + name + " in namespace " + namespace + ", or correct the name.");
        }
        return found;
    }

    private String podAnnotation(String namespace, String pod) {
        return declarations
                .resource(Kinds.POD.key(namespace, pod))
                .map(this::annotation)
                .orElse("");
    }

    private String namespaceAnnotation(String namespace) {
        return declarations
                .resource(Kinds.NAMESPACE.key("", namespace))
                .map(this::annotation)
                .orElse("");
    }

    private String annotation(Resource resource) {
        String value = resource.annotations().getOrDefault(ANNOTATION, "");
        if (!value.isEmpty() && !value.equals("deny") && !ALLOWING.contains(value)) {
            findings.warning(
                    resource.key(),
                    "metadata.annotations." + ANNOTATION,
                    "NotSupportedYet",
                    "default-inbound-policy \"" + value + "\" is not understood, so everything is denied.",
                    "Write deny or " + String.join(", ", ALLOWING) + ".");
            return "deny";
        }
        return value;
    }
}
