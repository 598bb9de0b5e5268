package dev.weft.control.compile;

import dev.weft.model.traffic.Backend;
import dev.weft.model.traffic.Endpoint;
import dev.weft.model.traffic.HeaderMatch;
import dev.weft.model.traffic.Match;
import dev.weft.model.traffic.PathMatch;
import dev.weft.model.traffic.RouteFilter;
import dev.weft.model.traffic.Rule;
import dev.weft.model.traffic.ServicePort;
import dev.weft.model.traffic.WeightedBackend;
import dev.weft.model.workload.ServiceName;
import dev.weft.resources.Kinds;
import dev.weft.resources.emissary.HeaderEdit;
import dev.weft.resources.emissary.Mapping;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What a group of mappings becomes: one rule. */
final class MappingRules {

    /** In place of a namespace, for addresses outside the mesh; no namespace is named like this. */
    private static final String OUTSIDE = "(outside)";

    private final Declarations declarations;
    private final MeshServices services;
    private final Findings findings;
    private final PatienceAnnotations annotations;
    private final Map<Declared<Mapping>, Backend> backends = new LinkedHashMap<>();

    MappingRules(Declarations declarations, MeshServices services, Findings findings) {
        this.declarations = declarations;
        this.services = services;
        this.findings = findings;
        this.annotations = new PatienceAnnotations(findings);
    }

    /** @param members at least one, alike in everything that they match, the oldest first */
    Rule rule(List<Declared<Mapping>> members) {
        Declared<Mapping> first = members.getFirst();
        Mapping mapping = first.value().orElseThrow();
        List<RouteFilter> filters = filters(first, mapping);
        List<Integer> weights = weights(members);
        List<WeightedBackend> weighted = new ArrayList<>();
        for (int i = 0; i < members.size() && mapping.redirect().isEmpty(); i++) {
            Declared<Mapping> member = members.get(i);
            checkAlike(first, member, filters);
            weighted.add(new WeightedBackend(backends.computeIfAbsent(member, this::backend), weights.get(i)));
        }
        return new Rule(
                first.key().toString(),
                first.key().reference(),
                List.of(match(mapping)),
                filters,
                weighted,
                annotations.timeouts(first, mapping.timeouts()),
                annotations.retry(first, mapping.retry()),
                mapping.traffic());
    }

    private List<Integer> weights(List<Declared<Mapping>> members) {
        List<Integer> weights = MappingOrder.weights(
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
        boolean alike = filters(member, mapping).equals(filters)
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

    private static Match match(Mapping mapping) {
        PathMatch path = switch (mapping.pathKind()) {
            case PREFIX -> new PathMatch.Prefix(mapping.prefix());
            case EXACT -> new PathMatch.Exact(mapping.prefix());
            case REGEX -> new PathMatch.Regex(mapping.prefix(), true);
        };
        List<HeaderMatch> headers = new ArrayList<>();
        new TreeMap<>(mapping.headers()).forEach((name, value) -> headers.add(new HeaderMatch.Exact(name, value)));
        new TreeMap<>(mapping.regexHeaders())
                .forEach((name, expression) -> headers.add(
                        expression.equals(".*")
                                ? new HeaderMatch.Present(name)
                                : new HeaderMatch.Regex(name, expression)));
        return new Match(path, mapping.method().isEmpty() ? Set.of() : Set.of(mapping.method()), headers);
    }

    private List<RouteFilter> filters(Declared<Mapping> declared, Mapping mapping) {
        List<RouteFilter> filters = new ArrayList<>();
        if (mapping.redirect().isPresent()) {
            Mapping.Redirect redirect = mapping.redirect().get();
            filters.add(new RouteFilter.Redirect(redirect.status(), "", mapping.service(), redirect.path()));
            return filters;
        }
        if (mapping.pathKind() != Mapping.PathKind.REGEX && !mapping.rewrite().isEmpty()) {
            filters.add(new RouteFilter.RewritePrefix(mapping.prefix(), mapping.rewrite()));
        } else if (mapping.pathKind() == Mapping.PathKind.REGEX
                && !mapping.rewrite().isEmpty()) {
            findings.warning(
                    declared.key(),
                    "spec.rewrite",
                    "NotSupportedYet",
                    "rewrite has no effect with prefix_regex yet; the path is kept.",
                    "Write rewrite: \"\".");
        }
        mapping.hostRewrite().ifPresent(host -> filters.add(new RouteFilter.RewriteHost(host)));
        for (HeaderEdit edit : sound(declared, "spec.add_request_headers", mapping.addRequestHeaders())) {
            checkOperators(declared, "spec.add_request_headers", edit);
            filters.add(
                    edit.append()
                            ? new RouteFilter.AddRequestHeader(edit.name(), edit.value())
                            : new RouteFilter.SetRequestHeader(edit.name(), edit.value()));
        }
        mapping.removeRequestHeaders().stream()
                .filter(name -> sound(declared, "spec.remove_request_headers", name, HeaderSyntax.problem(name)))
                .forEach(name -> filters.add(new RouteFilter.RemoveRequestHeader(name)));
        for (HeaderEdit edit : sound(declared, "spec.add_response_headers", mapping.addResponseHeaders())) {
            checkOperators(declared, "spec.add_response_headers", edit);
            filters.add(
                    edit.append()
                            ? new RouteFilter.AddResponseHeader(edit.name(), edit.value())
                            : new RouteFilter.SetResponseHeader(edit.name(), edit.value()));
        }
        mapping.removeResponseHeaders().stream()
                .filter(name -> sound(declared, "spec.remove_response_headers", name, HeaderSyntax.problem(name)))
                .forEach(name -> filters.add(new RouteFilter.RemoveResponseHeader(name)));
        return filters;
    }

    private List<HeaderEdit> sound(Declared<Mapping> declared, String field, List<HeaderEdit> edits) {
        return edits.stream()
                .filter(edit -> sound(declared, field, edit.name(), HeaderSyntax.problem(edit.name(), edit.value())))
                .toList();
    }

    private boolean sound(Declared<Mapping> declared, String field, String name, Optional<String> problem) {
        problem.ifPresent(why -> findings.error(
                declared.key(),
                field,
                "HeaderInvalid",
                "\"" + name + "\" " + why + ", so this edit is left out.",
                "Write another header, or remove this one."));
        return problem.isEmpty();
    }

    private void checkOperators(Declared<Mapping> declared, String field, HeaderEdit edit) {
        if (edit.value().matches(".*%[A-Z_]+(\\(.*\\))?%.*")) {
            findings.warning(
                    declared.key(),
                    field + "." + edit.name(),
                    "NotSupportedYet",
                    "Envoy's operators in \"" + edit.value() + "\" are not supported yet and are sent as they stand.",
                    "Write the value itself.");
        }
    }

    private Backend backend(Declared<Mapping> declared) {
        Mapping mapping = declared.value().orElseThrow();
        ServiceAddress address;
        try {
            address = ServiceAddress.parse(mapping.service());
        } catch (IllegalArgumentException e) {
            String message = e.getMessage() + ".";
            findings.error(
                    declared.key(),
                    "spec.service",
                    "ServiceInvalid",
                    message,
                    "Write [http[s]://]name[.namespace][:port].");
            return new Backend.Invalid(mapping.service(), message);
        }
        String namespace = declared.resource().namespace();
        Optional<ServiceName> known =
                address.candidates(namespace).stream().filter(services::exists).findFirst();
        if (known.isPresent()) {
            return inside(declared, known.get(), address);
        }
        return outside(address) ? outsideBackend(address) : missing(declared, address);
    }

    private Backend inside(Declared<Mapping> declared, ServiceName service, ServiceAddress address) {
        if (services.ports(service).contains(address.port())) {
            return new Backend.Delegate(new ServicePort(service, address.port()));
        }
        String message = "Service " + service + " has no port " + address.port() + ".";
        findings.error(
                declared.key(),
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

    private Backend missing(Declared<Mapping> declared, ServiceAddress address) {
        ServiceName service = address.candidates(declared.resource().namespace()).stream()
                .findFirst()
                .orElse(new ServiceName(declared.resource().namespace(), address.host()));
        String message = "service \"" + address.host() + "\" is no Service.";
        String near = services.nearest(service)
                .map(name -> " Did you mean " + name + "?")
                .orElse("");
        findings.error(
                declared.key(),
                "spec.service",
                "ServiceNotFound",
                message,
                "Create Service " + service.name() + " in namespace " + service.namespace() + "." + near);
        return new Backend.Invalid(service.toString(), declared.key() + ": " + message);
    }
}
