package dev.weft.control.compile;

import dev.weft.control.declared.Declarations;
import dev.weft.control.declared.Declared;
import dev.weft.control.declared.Findings;
import dev.weft.control.endpoint.InstanceIndex;
import dev.weft.model.policy.RateLimit;
import dev.weft.model.workload.Instance;
import dev.weft.model.workload.WorkloadIdentity;
import dev.weft.resources.Key;
import dev.weft.resources.Kind;
import dev.weft.resources.Kinds;
import dev.weft.resources.core.Service;
import dev.weft.resources.linkerd.HttpLocalRateLimitPolicy;
import dev.weft.resources.linkerd.HttpLocalRateLimitPolicy.CallerOverride;
import dev.weft.resources.linkerd.Server;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** How often each pod may be called, and each mapping used. One policy for a target; the oldest. */
final class RateLimits {

    private final Declarations declarations;
    private final Findings findings;
    private final Map<Key, Declared<HttpLocalRateLimitPolicy>> byTarget = new LinkedHashMap<>();

    RateLimits(Declarations declarations, Findings findings) {
        this.declarations = declarations;
        this.findings = findings;
        declarations.readable(Kinds.RATE_LIMIT, HttpLocalRateLimitPolicy.class).stream()
                .sorted(Declared.OLDEST_FIRST)
                .forEach(this::add);
    }

    /** Of a mapping. */
    Optional<RateLimit> of(Key mapping) {
        return Optional.ofNullable(byTarget.get(mapping)).map(RateLimits::limit);
    }

    /**
     * Of pods, by {@code namespace/name}, and of one of their ports, by {@code namespace/name:port}; each pod counts for itself,
     * as in Linkerd.
     */
    Map<String, List<RateLimit>> pods(List<Instance> instances) {
        Map<String, List<RateLimit>> limits = new HashMap<>();
        InstanceIndex index = new InstanceIndex(instances);
        byTarget.forEach((target, declared) -> {
            for (Instance instance : pods(target, instances, index)) {
                String pod = instance.workload().namespace() + "/"
                        + instance.workload().name();
                ports(target, instance)
                        .forEach(port -> limits.computeIfAbsent(pod + port, any -> new ArrayList<>())
                                .add(limit(declared)));
            }
        });
        return limits;
    }

    /** What is added to the pod's name: a Server means one port, and a pod without that port is not meant. */
    private List<String> ports(Key target, Instance instance) {
        if (!target.kind().equals(Kinds.SERVER)) {
            return List.of("");
        }
        String port = declarations.find(target, Server.class).map(Server::port).orElse("");
        return instance.ports().stream()
                .filter(each -> port.equals(each.name()) || port.equals(Integer.toString(each.containerPort())))
                .map(each -> ":" + each.containerPort())
                .distinct()
                .toList();
    }

    private List<Instance> pods(Key target, List<Instance> instances, InstanceIndex index) {
        if (target.kind().equals(Kinds.SERVICE)) {
            return declarations
                    .find(target, Service.class)
                    .map(service -> index.select(target.namespace(), service.selector()))
                    .orElse(List.of());
        }
        Optional<Map<String, String>> labels =
                declarations.find(target, Server.class).map(Server::podLabels);
        if (labels.isPresent() && labels.get().isEmpty()) {
            return instances.stream()
                    .filter(instance -> instance.workload().namespace().equals(target.namespace()))
                    .toList();
        }
        return labels.map(wanted -> index.select(target.namespace(), wanted)).orElse(List.of());
    }

    private void add(Declared<HttpLocalRateLimitPolicy> declared) {
        HttpLocalRateLimitPolicy policy = declared.value().orElseThrow();
        Kind kind = switch (policy.target().kind()) {
            case SERVER -> Kinds.SERVER;
            case SERVICE -> Kinds.SERVICE;
            case MAPPING -> Kinds.MAPPING;
        };
        Key target = kind.key(declared.resource().namespace(), policy.target().name());
        if (declarations.resource(target).isEmpty()) {
            findings.error(
                    declared.key(),
                    "spec.targetRef.name",
                    "TargetNotFound",
                    target + " does not exist, so nothing is limited.",
                    "Create it, or correct the name.");
            return;
        }
        Declared<HttpLocalRateLimitPolicy> older = byTarget.putIfAbsent(target, declared);
        if (older != null) {
            findings.error(
                    declared.key(),
                    "spec.targetRef",
                    "Conflict",
                    older.key() + " is older and limits " + target + " already.",
                    "Delete one of the two.");
        }
    }

    private static RateLimit limit(Declared<HttpLocalRateLimitPolicy> declared) {
        HttpLocalRateLimitPolicy policy = declared.value().orElseThrow();
        return new RateLimit(
                declared.key().reference(),
                policy.total(),
                policy.identity(),
                policy.overrides().stream().map(RateLimits::callerRate).toList(),
                policy.header()
                        .map(header -> new RateLimit.PerHeader(
                                header.name(), header.requestsPerSecond(), header.overrides())));
    }

    private static RateLimit.CallerRate callerRate(CallerOverride override) {
        return new RateLimit.CallerRate(
                override.clients().stream()
                        .map(client ->
                                new WorkloadIdentity(WorkloadIdentity.TRUST_DOMAIN, client.namespace(), client.name()))
                        .collect(Collectors.toSet()),
                override.requestsPerSecond());
    }
}
