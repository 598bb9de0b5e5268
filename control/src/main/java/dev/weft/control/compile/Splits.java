package dev.weft.control.compile;

import dev.weft.control.declared.Declarations;
import dev.weft.control.declared.Declared;
import dev.weft.control.declared.Findings;
import dev.weft.model.traffic.Backend;
import dev.weft.model.traffic.Frontend;
import dev.weft.model.traffic.Match;
import dev.weft.model.traffic.Rule;
import dev.weft.model.traffic.ServicePort;
import dev.weft.model.traffic.WeightedBackend;
import dev.weft.model.workload.ServiceName;
import dev.weft.resources.Kinds;
import dev.weft.resources.smi.TrafficSplit;
import dev.weft.resources.smi.TrafficSplit.Leaf;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The mesh's frontends: for each service port the splits on it, then its own destination. Splits with matches come before
 * the one without; among equals the oldest; further ones without matches can never be reached and are refused.
 */
final class Splits {

    private final MeshServices services;
    private final RouteGroups routeGroups;
    private final Findings findings;
    private final Map<ServiceName, List<Declared<TrafficSplit>>> byRoot = new HashMap<>();

    Splits(Declarations declarations, MeshServices services, RouteGroups routeGroups, Findings findings) {
        this.services = services;
        this.routeGroups = routeGroups;
        this.findings = findings;
        List<Declared<TrafficSplit>> splits =
                new ArrayList<>(declarations.readable(Kinds.TRAFFIC_SPLIT, TrafficSplit.class));
        splits.sort(Declared.OLDEST_FIRST);
        splits.forEach(this::add);
    }

    Map<ServicePort, Frontend> frontends() {
        Map<ServicePort, Frontend> frontends = new HashMap<>();
        services.destinations().forEach((servicePort, own) -> {
            List<Rule> rules = new ArrayList<>(services.exceptions(servicePort));
            for (Declared<TrafficSplit> split : byRoot.getOrDefault(servicePort.service(), List.of())) {
                rule(split, servicePort, own).ifPresent(rules::add);
            }
            boolean covered = !rules.isEmpty() && rules.getLast().matches().isEmpty();
            if (!covered) {
                rules.add(new Rule(
                        own.source().toString(),
                        own.source(),
                        List.of(),
                        List.of(),
                        own.backends(),
                        own.timeouts(),
                        own.retry()));
            }
            String name =
                    servicePort.service().name() + "." + servicePort.service().namespace() + ":" + servicePort.port();
            List<String> hosts = List.of(servicePort.service().host());
            frontends.put(servicePort, new Frontend(name, own.source(), hosts, rules));
        });
        return frontends;
    }

    private void add(Declared<TrafficSplit> declared) {
        TrafficSplit split = declared.value().orElseThrow();
        ServiceName root = new ServiceName(declared.resource().namespace(), split.service());
        if (!services.exists(root)) {
            findings.error(
                    declared.key(),
                    "spec.service",
                    "ServiceNotFound",
                    "root \"" + split.service() + "\" has no Service.",
                    createService(root));
            return;
        }
        checkLeaves(declared, split);
        List<Declared<TrafficSplit>> splits = byRoot.computeIfAbsent(root, any -> new ArrayList<>());
        if (!split.matches().isEmpty()) {
            int at = 0;
            while (at < splits.size()
                    && !splits.get(at).value().orElseThrow().matches().isEmpty()) {
                at++;
            }
            splits.add(at, declared);
            return;
        }
        boolean taken = !splits.isEmpty()
                && splits.getLast().value().orElseThrow().matches().isEmpty();
        if (taken) {
            findings.error(
                    declared.key(),
                    "spec.service",
                    "Conflict",
                    splits.getLast().key() + " is older and divides \"" + split.service() + "\" already.",
                    "Delete one of the two, or give this one spec.matches.");
            return;
        }
        splits.add(declared);
    }

    private void checkLeaves(Declared<TrafficSplit> declared, TrafficSplit split) {
        for (int i = 0; i < split.backends().size(); i++) {
            Leaf leaf = split.backends().get(i);
            ServiceName name = new ServiceName(declared.resource().namespace(), leaf.service());
            if (!services.exists(name)) {
                findings.error(
                        declared.key(),
                        "spec.backends[" + i + "].service",
                        "BackendNotFound",
                        "backend \"" + leaf.service() + "\" has no Service.",
                        createService(name) + " Or remove it from spec.backends.");
            }
        }
        if (split.backends().stream().allMatch(leaf -> leaf.weight() == 0)) {
            findings.warning(
                    declared.key(),
                    "spec.backends",
                    "AllWeightsZero",
                    "all weights are 0, so every request is answered with 503.",
                    "Give at least one backend a weight above 0.");
        }
    }

    private String createService(ServiceName name) {
        String near = services.nearest(name)
                .map(other -> " Did you mean " + other + "?")
                .orElse("");
        return "Create Service " + name.name() + " in namespace " + name.namespace() + "." + near;
    }

    private Optional<Rule> rule(Declared<TrafficSplit> declared, ServicePort root, MeshServices.Destination own) {
        TrafficSplit split = declared.value().orElseThrow();
        List<Match> matches = new ArrayList<>();
        for (int i = 0; i < split.matches().size(); i++) {
            routeGroups
                    .matches(
                            declared.key(),
                            "spec.matches[" + i + "].name",
                            split.matches().get(i),
                            List.of())
                    .ifPresent(matches::addAll);
        }
        if (matches.isEmpty() && !split.matches().isEmpty()) {
            return Optional.empty(); // every group is missing, which has been noted
        }
        List<WeightedBackend> backends = new ArrayList<>();
        for (int i = 0; i < split.backends().size(); i++) {
            backends.addAll(share(declared, i, root));
        }
        if (backends.isEmpty()) {
            return Optional.empty(); // no backend has this port, which has been noted
        }
        return Optional.of(new Rule(
                declared.key().toString(),
                declared.key().reference(),
                matches,
                List.of(),
                backends,
                own.timeouts(),
                own.retry()));
    }

    /** One leaf's share; the root among the leaves means the root's own destination, never the split again. */
    private List<WeightedBackend> share(Declared<TrafficSplit> declared, int index, ServicePort root) {
        Leaf leaf = declared.value().orElseThrow().backends().get(index);
        ServiceName name = new ServiceName(root.service().namespace(), leaf.service());
        ServicePort servicePort = new ServicePort(name, root.port());
        if (!services.exists(name)) {
            String reason = "TrafficSplit " + declared.resource().name() + " names " + leaf.service()
                    + ", which is no Service.";
            Backend invalid = new Backend.Invalid(servicePort.toString(), reason);
            return List.of(new WeightedBackend(invalid, leaf.weight() * scale(declared, root)));
        }
        Optional<MeshServices.Destination> destination = services.destination(servicePort);
        if (destination.isEmpty()) {
            findings.warning(
                    declared.key(),
                    "spec.backends[" + index + "].service",
                    "PortNotFound",
                    "Service " + leaf.service() + " has no port " + root.port()
                            + ", so it gets none of that port's requests.",
                    "Give Service " + leaf.service() + " a port " + root.port() + ".");
            return List.of();
        }
        return parts(destination.get().backends(), leaf.weight(), scale(declared, root));
    }

    /** Divides a leaf's weight among the backends behind it. */
    private static List<WeightedBackend> parts(List<WeightedBackend> within, int weight, int scale) {
        if (within.size() == 1) {
            return List.of(new WeightedBackend(within.getFirst().backend(), weight * scale));
        }
        long sum =
                Math.max(1, within.stream().mapToLong(WeightedBackend::weight).sum());
        return within.stream()
                .map(part -> new WeightedBackend(
                        part.backend(), Math.toIntExact((long) weight * scale * part.weight() / sum)))
                .toList();
    }

    /** Weights stay as written, unless one of them has to be divided further. */
    private int scale(Declared<TrafficSplit> declared, ServicePort root) {
        boolean divided = declared.value().orElseThrow().backends().stream()
                .map(leaf -> new ServicePort(new ServiceName(root.service().namespace(), leaf.service()), root.port()))
                .flatMap(leaf -> services.destination(leaf).stream())
                .anyMatch(destination -> destination.backends().size() > 1);
        return divided ? 100 : 1;
    }
}
