package dev.weft.control.compile;

import dev.weft.control.declared.Declarations;
import dev.weft.control.declared.Declared;
import dev.weft.control.declared.Findings;
import dev.weft.model.traffic.Fault;
import dev.weft.model.traffic.Frontend;
import dev.weft.model.traffic.HeaderMatch;
import dev.weft.model.traffic.RouteFilter;
import dev.weft.model.traffic.Rule;
import dev.weft.model.traffic.ServicePort;
import dev.weft.model.workload.WorkloadIdentity;
import dev.weft.resources.Key;
import dev.weft.resources.Kinds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What goes wrong on purpose, by the service or mapping that it is about; the oldest first. */
final class Faults {

    private final Map<Key, List<Fault>> byTarget = new LinkedHashMap<>();

    Faults(Declarations declarations, Findings findings) {
        declarations.readable(Kinds.FAULT, dev.weft.resources.weft.Fault.class).stream()
                .sorted(Declared.OLDEST_FIRST)
                .forEach(declared -> add(declared, declarations, findings));
    }

    /** Of a mapping. */
    List<Fault> of(Key mapping) {
        return byTarget.getOrDefault(mapping, List.of());
    }

    /** The mesh's frontends, with the faults of their services in every rule. */
    Map<ServicePort, Frontend> onto(Map<ServicePort, Frontend> mesh) {
        if (byTarget.isEmpty()) {
            return mesh;
        }
        Map<ServicePort, Frontend> with = new HashMap<>(mesh);
        with.replaceAll((servicePort, frontend) -> {
            Key service = Kinds.SERVICE.key(
                    servicePort.service().namespace(), servicePort.service().name());
            List<Fault> faults = byTarget.getOrDefault(service, List.of());
            return faults.isEmpty() ? frontend : with(frontend, faults);
        });
        return with;
    }

    private static Frontend with(Frontend frontend, List<Fault> faults) {
        List<Rule> rules = new ArrayList<>();
        for (Rule rule : frontend.rules()) {
            List<RouteFilter> filters = new ArrayList<>(rule.filters());
            faults.forEach(fault -> filters.add(new RouteFilter.InjectFault(fault)));
            rules.add(new Rule(
                    rule.name(),
                    rule.source(),
                    rule.matches(),
                    filters,
                    rule.backends(),
                    rule.timeouts(),
                    rule.retry(),
                    rule.traffic()));
        }
        return new Frontend(frontend.name(), frontend.source(), frontend.hosts(), rules);
    }

    private void add(Declared<dev.weft.resources.weft.Fault> declared, Declarations declarations, Findings findings) {
        dev.weft.resources.weft.Fault value = declared.value().orElseThrow();
        String namespace = declared.resource().namespace();
        boolean service = !value.service().isEmpty();
        Key target =
                service ? Kinds.SERVICE.key(namespace, value.service()) : Kinds.MAPPING.key(namespace, value.mapping());
        if (declarations.resource(target).isEmpty()) {
            findings.error(
                    declared.key(),
                    service ? "spec.service" : "spec.mapping",
                    "TargetNotFound",
                    target + " does not exist, so nothing goes wrong.",
                    "Create it, or correct the name.");
            return;
        }
        byTarget.computeIfAbsent(target, any -> new ArrayList<>()).add(fault(declared, value));
    }

    private static Fault fault(Declared<dev.weft.resources.weft.Fault> declared, dev.weft.resources.weft.Fault value) {
        List<HeaderMatch> headers = new ArrayList<>();
        new TreeMap<>(value.headers())
                .forEach((name, expression) -> headers.add(new HeaderMatch.Regex(name, expression)));
        return new Fault(
                declared.key().reference(),
                headers,
                value.callers().stream()
                        .map(caller -> identity(caller, declared.resource().namespace()))
                        .collect(Collectors.toSet()),
                value.share(),
                value.delay(),
                value.abort(),
                value.answer().map(answer -> new Fault.Answer(answer.status(), answer.contentType(), answer.body())));
    }

    private static WorkloadIdentity identity(String caller, String namespace) {
        int slash = caller.indexOf('/');
        return new WorkloadIdentity(
                WorkloadIdentity.TRUST_DOMAIN,
                slash < 0 ? namespace : caller.substring(0, slash),
                caller.substring(slash + 1));
    }
}
