package dev.weft.control.compile;

import dev.weft.control.declared.Declarations;
import dev.weft.control.declared.Declared;
import dev.weft.control.declared.Findings;
import dev.weft.model.policy.Timeouts;
import dev.weft.model.traffic.Backend;
import dev.weft.model.traffic.Endpoint;
import dev.weft.model.traffic.RouteFilter;
import dev.weft.model.traffic.Rule;
import dev.weft.model.traffic.ServicePort;
import dev.weft.model.traffic.WeightedBackend;
import dev.weft.model.workload.ServiceName;
import dev.weft.resources.Key;
import dev.weft.resources.Kinds;
import dev.weft.resources.emissary.Mapping;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a group of mappings becomes: one rule. */
final class MappingRules {

    /** As Envoy ends streams on which nothing moves. */
    private static final Duration ENDLESS_IDLE = Duration.ofMinutes(5);

    /** In place of a namespace, for addresses outside the mesh; no namespace is named like this. */
    private static final String OUTSIDE = "(outside)";

    private final Declarations declarations;
    private final MeshServices services;
    private final RateLimits limits;
    private final Faults faults;
    private final MappingEdits edits;
    private final Findings findings;
    private final PatienceAnnotations annotations;
    private final Map<Declared<Mapping>, Backend> backends = new LinkedHashMap<>();

    MappingRules(
            Declarations declarations,
            MeshServices services,
            RateLimits limits,
            Faults faults,
            MappingEdits edits,
            Findings findings) {
        this.declarations = declarations;
        this.limits = limits;
        this.faults = faults;
        this.edits = edits;
        this.services = services;
        this.findings = findings;
        this.annotations = new PatienceAnnotations(findings);
    }

    /**
     * One rule; none where all that there is are copies of nothing.
     *
     * @param group at least one, alike in everything that they match, the oldest first
     */
    Optional<Rule> rule(List<Declared<Mapping>> group) {
        List<Declared<Mapping>> members = group.stream()
                .filter(member -> !member.value().orElseThrow().shadow())
                .toList();
        List<Declared<Mapping>> shadows = new ArrayList<>(group);
        shadows.removeAll(members);
        if (members.isEmpty()) {
            shadows.forEach(shadow -> findings.error(
                    shadow.key(),
                    "spec.shadow",
                    "NothingToCopy",
                    "no mapping beside it takes the requests that it would get copies of.",
                    "Create a mapping with the same hostname, prefix and conditions, and without shadow."));
            return Optional.empty();
        }
        Declared<Mapping> first = members.getFirst();
        Mapping mapping = first.value().orElseThrow();
        List<RouteFilter> filters = edits.filters(first, mapping, host(first));
        List<Integer> weights = weights(members);
        List<WeightedBackend> weighted = new ArrayList<>();
        for (int i = 0; i < members.size() && mapping.redirect().isEmpty(); i++) {
            Declared<Mapping> member = members.get(i);
            checkAlike(first, member, filters);
            weighted.add(new WeightedBackend(backends.computeIfAbsent(member, this::backend), weights.get(i)));
        }
        List<RouteFilter> all = new ArrayList<>(filters);
        mirror(shadows).ifPresent(all::add);
        EdgeModules.body(first, findings).ifPresent(all::add);
        members.forEach(
                member -> limits.of(member.key()).ifPresent(limit -> all.add(new RouteFilter.LimitRate(limit))));
        members.forEach(
                member -> faults.of(member.key()).forEach(fault -> all.add(new RouteFilter.InjectFault(fault))));
        return Optional.of(new Rule(
                first.key().toString(),
                first.key().reference(),
                List.of(MappingEdits.match(mapping)),
                all,
                weighted,
                patience(mapping, annotations.timeouts(first, mapping.timeouts())),
                annotations.retry(first, mapping.retry()),
                mapping.traffic()));
    }

    /** A request that may take for ever ends at least when nothing of it moves, unless the Mapping says otherwise. */
    private static Timeouts patience(Mapping mapping, Timeouts given) {
        boolean endless = given.request().isZero()
                && given.idle().isZero()
                && !mapping.given().contains("idle_timeout_ms");
        return endless ? given.withIdle(ENDLESS_IDLE) : given;
    }

    private Optional<RouteFilter> mirror(List<Declared<Mapping>> shadows) {
        if (shadows.isEmpty()) {
            return Optional.empty();
        }
        Declared<Mapping> first = shadows.getFirst();
        shadows.stream()
                .skip(1)
                .forEach(other -> findings.error(
                        other.key(),
                        "spec.shadow",
                        "Conflict",
                        first.key() + " is older and gets the copies of this prefix already.",
                        "Delete one of the two."));
        int percent = first.value().orElseThrow().weight().orElse(100);
        return switch (backends.computeIfAbsent(first, this::backend)) {
            case Backend.Service(ServicePort port) -> Optional.of(new RouteFilter.Mirror(port, percent));
            case Backend.Delegate(ServicePort port) -> Optional.of(new RouteFilter.Mirror(port, percent));
            case Backend.Invalid _ -> Optional.empty(); // which has been noted
        };
    }

    /** The backend's own name, for {@code auto_host_rewrite}. */
    private static String host(Declared<Mapping> declared) {
        try {
            return ServiceAddress.parse(declared.value().orElseThrow().service())
                    .host();
        } catch (IllegalArgumentException _) {
            return ""; // which is noted with the backend
        }
    }

    private List<Integer> weights(List<Declared<Mapping>> members) {
        List<Integer> weights = MappingOrder.weightsOf(
                members.stream().map(member -> member.value().orElseThrow()).toList());
        if (weights.isEmpty()) {
            members.forEach(member -> findings.error(
                    member.key(),
                    "spec.weight",
                    "WeightsExceed100",
                    "the weights of the mappings on this prefix add up to more than 100.",
                    "Lower them."));
            return members.stream().map(member -> 0).toList();
        }
        int sum = weights.stream().mapToInt(weight -> weight).sum();
        if (sum < 100) {
            members.forEach(member -> findings.warning(
                    member.key(),
                    "spec.weight",
                    "WeightsBelow100",
                    "the weights on this prefix add up to " + sum + "; the rest is divided in the same ratio, where "
                            + "Emissary would try the next mapping.",
                    "Make them add up to 100, or leave one of them without a weight."));
        }
        return weights;
    }

    private void checkAlike(Declared<Mapping> first, Declared<Mapping> member, List<RouteFilter> filters) {
        Mapping mapping = member.value().orElseThrow();
        boolean alike = edits.filters(member, mapping, host(first)).equals(filters)
                && mapping.timeouts().equals(first.value().orElseThrow().timeouts())
                && mapping.retry().equals(first.value().orElseThrow().retry())
                && mapping.traffic().equals(first.value().orElseThrow().traffic());
        if (!alike) {
            findings.warning(
                    member.key(),
                    "",
                    "NotSupportedYet",
                    "it shares its prefix with " + first.key()
                            + ", whose rewriting, headers, timeouts, retries, balancing and limits are used for both.",
                    "Write the same rewriting, headers, timeouts, retries, balancing and limits in both.");
        }
    }

    private Backend backend(Declared<Mapping> declared) {
        return backend(declared.key(), declared.value().orElseThrow().service(), false);
    }

    /**
     * What a {@code service} means.
     *
     * @param user the resource that names it
     * @param tls whether TLS is spoken to an address outside also where the scheme does not say so
     */
    Backend backend(Key user, String service, boolean tls) {
        ServiceAddress address;
        try {
            address = ServiceAddress.parse(service);
        } catch (IllegalArgumentException e) {
            String message = e.getMessage() + ".";
            findings.error(
                    user, "spec.service", "ServiceInvalid", message, "Write [http[s]://]name[.namespace][:port].");
            return new Backend.Invalid(service, message);
        }
        String namespace = user.namespace();
        Optional<ServiceName> known =
                address.candidates(namespace).stream().filter(services::exists).findFirst();
        if (known.isPresent()) {
            return inside(user, known.get(), address);
        }
        return outside(address) ? outsideBackend(tls ? address.secured() : address) : missing(user, address);
    }

    private Backend inside(Key user, ServiceName service, ServiceAddress address) {
        if (services.ports(service).contains(address.port())) {
            return new Backend.Delegate(new ServicePort(service, address.port()));
        }
        String message = "Service " + service + " has no port " + address.port() + ".";
        findings.error(
                user,
                "spec.service",
                "PortNotFound",
                message,
                "Write " + service.name() + "." + service.namespace() + ":"
                        + (services.ports(service).isEmpty()
                                ? "PORT"
                                : services.ports(service).getFirst())
                        + ", or give the Service that port.");
        return new Backend.Invalid(service + ":" + address.port(), message);
    }

    /** A dotted name is outside, unless it is written like one of our own or its second label is one of our namespaces. */
    private boolean outside(ServiceAddress address) {
        if (address.numericOrLocal()) {
            return true;
        }
        List<ServiceName> candidates = address.candidates("");
        boolean written = address.host().endsWith(".svc") || address.host().endsWith(".svc.cluster.local");
        boolean ours = candidates.stream()
                .anyMatch(name -> name.namespace().equals("default")
                        || declarations
                                .resource(Kinds.NAMESPACE.key("", name.namespace()))
                                .isPresent());
        return address.dotted() && !written && !ours;
    }

    private Backend outsideBackend(ServiceAddress address) {
        String name = (address.tls() ? "https://" : "") + address.host();
        ServicePort servicePort = new ServicePort(new ServiceName(OUTSIDE, name), address.port());
        Endpoint.Transport transport = address.tls() ? Endpoint.Transport.TLS : Endpoint.Transport.PLAIN;
        services.outside(servicePort, new Endpoint(address.host(), address.port(), Optional.empty(), transport));
        return new Backend.Service(servicePort);
    }

    private Backend missing(Key user, ServiceAddress address) {
        ServiceName service = address.candidates(user.namespace()).stream()
                .findFirst()
                .orElse(new ServiceName(user.namespace(), address.host()));
        String message = "service \"" + address.host() + "\" is no Service.";
        String near = services.nearest(service)
                .map(name -> " Did you mean " + name + "?")
                .orElse("");
        findings.error(
                user,
                "spec.service",
                "ServiceNotFound",
                message,
                "Create Service " + service.name() + " in namespace " + service.namespace() + "." + near);
        return new Backend.Invalid(service.toString(), user + ": " + message);
    }
}
