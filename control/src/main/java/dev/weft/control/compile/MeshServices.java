package dev.weft.control.compile;

import dev.weft.control.declared.Declarations;
import dev.weft.control.declared.Declared;
import dev.weft.control.declared.Findings;
import dev.weft.control.endpoint.InstanceIndex;
import dev.weft.control.endpoint.WrittenEndpoints;
import dev.weft.model.policy.RetryPolicy;
import dev.weft.model.policy.Timeouts;
import dev.weft.model.policy.TrafficPolicy;
import dev.weft.model.problem.ResourceReference;
import dev.weft.model.traffic.Backend;
import dev.weft.model.traffic.Endpoint;
import dev.weft.model.traffic.EndpointGroup;
import dev.weft.model.traffic.Rule;
import dev.weft.model.traffic.ServicePort;
import dev.weft.model.traffic.WeightedBackend;
import dev.weft.model.workload.Instance;
import dev.weft.model.workload.ServiceName;
import dev.weft.model.workload.Workload;
import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import dev.weft.resources.core.PortProtocols;
import dev.weft.resources.core.PortReference;
import dev.weft.resources.core.Service;
import dev.weft.resources.knative.Revision;
import dev.weft.resources.knative.RevisionSpec;
import dev.weft.resources.reading.Durations;
import dev.weft.resources.reading.Names;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Every service port: its endpoints, and where its requests go before any split (to itself, or, for a Knative route, to
 * its revisions).
 */
final class MeshServices {

    /**
     * Where a service port's requests go when no split says otherwise.
     *
     * @param source what says so
     */
    record Destination(
            ResourceReference source, List<WeightedBackend> backends, Timeouts timeouts, RetryPolicy retry) {}

    private final Map<ServiceName, SortedSet<Integer>> ports =
            new TreeMap<>(Comparator.comparing(ServiceName::namespace).thenComparing(ServiceName::name));
    private final Map<ServicePort, Destination> destinations = new LinkedHashMap<>();
    private final Map<ServicePort, EndpointGroup> groups = new LinkedHashMap<>();
    private final Map<ServicePort, List<Rule>> exceptions = new LinkedHashMap<>();

    /** How long an opaque connection to the Service may be without a byte either way. */
    private static final String STREAM_IDLE = "weft.dev/tcp-idle-timeout";

    private final Findings findings;

    MeshServices(Declarations declarations, InstanceIndex instances, Findings findings) {
        this.findings = findings;
        PatienceAnnotations annotations = new PatienceAnnotations(findings);
        WrittenEndpoints written = new WrittenEndpoints(declarations, instances, findings);
        BalancingAnnotations balancing = new BalancingAnnotations(findings);
        for (Declared<Service> declared : declarations.readable(Kinds.SERVICE, Service.class)) {
            Service service = declared.value().orElseThrow();
            Optional<Revision> revision = revision(declarations, declared);
            Timeouts timeouts = annotations.timeouts(
                    declared, revision.map(found -> timeouts(found.spec())).orElse(Timeouts.DEFAULT));
            RetryPolicy retry = annotations.retry(declared, RetryPolicy.DEFAULT);
            List<Instance> selected = instances.select(declared.resource().namespace(), service.selector());
            for (int i = 0; i < service.ports().size(); i++) {
                Service.Port port = service.ports().get(i);
                if (!port.protocol().equals("TCP")) {
                    continue; // and a TCP port may have the same number
                }
                ServicePort servicePort = new ServicePort(declared.serviceName(), port.port());
                List<Endpoint> endpoints = endpoints(declared, i, port, selected, written);
                int concurrency =
                        revision.map(found -> found.spec().concurrency()).orElse(0);
                TrafficPolicy policy = balancing.policy(declared);
                List<String> zones =
                        policy.zones() == TrafficPolicy.Zones.CLOSE ? zones(endpoints, selected) : List.of();
                groups.put(
                        servicePort,
                        new EndpointGroup(
                                servicePort,
                                endpoints,
                                revision.isPresent(),
                                concurrency,
                                policy,
                                zones,
                                PortProtocols.of(
                                        port,
                                        declared.resource().annotations(),
                                        namespaceAnnotations(declarations, declared)),
                                streamIdle(declared)));
                WeightedBackend itself = new WeightedBackend(new Backend.Service(servicePort), 100);
                decide(servicePort, new Destination(declared.key().reference(), List.of(itself), timeouts, retry));
            }
        }
    }

    private static List<String> zones(List<Endpoint> endpoints, List<Instance> selected) {
        Map<Workload, String> zones = new HashMap<>();
        selected.forEach(
                instance -> zones.put(instance.workload(), instance.labels().getOrDefault(Instance.ZONE_LABEL, "")));
        return endpoints.stream()
                .map(endpoint -> endpoint.workload()
                        .map(workload -> zones.getOrDefault(workload, ""))
                        .orElse(""))
                .toList();
    }

    private static Map<String, String> namespaceAnnotations(Declarations declarations, Declared<Service> declared) {
        return declarations
                .resource(Kinds.NAMESPACE.key("", declared.resource().namespace()))
                .map(Resource::annotations)
                .orElse(Map.of());
    }

    private Duration streamIdle(Declared<Service> declared) {
        String text = declared.resource().annotations().get(STREAM_IDLE);
        if (text == null) {
            return EndpointGroup.STREAM_IDLE;
        }
        Optional<Duration> idle = Durations.parse(text);
        if (idle.isEmpty()) {
            findings.warning(
                    declared.key(),
                    "metadata.annotations." + STREAM_IDLE,
                    "DurationInvalid",
                    "\"" + text + "\" is no duration, so an opaque connection may be idle for an hour.",
                    "Write for example 10m, or 0s for ever.");
        }
        return idle.orElse(EndpointGroup.STREAM_IDLE);
    }

    boolean exists(ServiceName service) {
        return ports.containsKey(service);
    }

    /** The numbers of its ports; empty when there is no such service. */
    SortedSet<Integer> ports(ServiceName service) {
        return ports.getOrDefault(service, new TreeSet<>());
    }

    Optional<Destination> destination(ServicePort servicePort) {
        return Optional.ofNullable(destinations.get(servicePort));
    }

    Map<ServicePort, Destination> destinations() {
        return destinations;
    }

    Map<ServicePort, EndpointGroup> groups() {
        return groups;
    }

    /** Says where a service port's requests go; what was said before is replaced. */
    void decide(ServicePort servicePort, Destination destination) {
        ports.computeIfAbsent(servicePort.service(), any -> new TreeSet<>()).add(servicePort.port());
        destinations.put(servicePort, destination);
    }

    /** Rules that are asked before every split and the destination. */
    List<Rule> exceptions(ServicePort servicePort) {
        return exceptions.getOrDefault(servicePort, List.of());
    }

    void except(ServicePort servicePort, Rule rule) {
        exceptions.computeIfAbsent(servicePort, any -> new ArrayList<>()).add(rule);
    }

    /** One address that no Service selects, outside the mesh or a pod's; the group is made once. */
    void outside(ServicePort servicePort, Endpoint endpoint) {
        groups.putIfAbsent(servicePort, new EndpointGroup(servicePort, List.of(endpoint), false, 0));
    }

    /** The names of services that this one may have been meant to be. */
    Optional<String> nearest(ServiceName service) {
        List<String> names = ports.keySet().stream()
                .filter(name -> name.namespace().equals(service.namespace()))
                .map(ServiceName::name)
                .toList();
        return Names.nearest(service.name(), names);
    }

    private List<Endpoint> endpoints(
            Declared<Service> declared,
            int index,
            Service.Port port,
            List<Instance> selected,
            WrittenEndpoints written) {
        Service service = declared.value().orElseThrow();
        if (service.type() == Service.Type.EXTERNAL_NAME) {
            return List.of(
                    new Endpoint(service.externalName(), port.port(), Optional.empty(), Endpoint.Transport.PLAIN));
        }
        return service.selector().isEmpty() ? written.of(declared, port) : selected(declared, index, port, selected);
    }

    private List<Endpoint> selected(Declared<Service> service, int index, Service.Port port, List<Instance> selected) {
        List<Endpoint> endpoints = new ArrayList<>();
        boolean noted = false; // once for each port: the pods of one selector are mostly alike
        for (Instance instance : selected) {
            Optional<Instance.Port> target = target(instance, port.targetPort());
            if (target.isEmpty() && !noted) {
                noted = true;
                findings.warning(
                        service.key(),
                        "spec.ports[" + index + "].targetPort",
                        "TargetPortNotFound",
                        "pod " + instance.workload().name() + " declares no port " + show(port.targetPort()) + ".",
                        "Declare it under the container's ports, or correct targetPort.");
            }
            if (target.isEmpty()) {
                continue;
            }
            if (instance.ready()) {
                endpoints.add(new Endpoint(
                        instance.address(),
                        target.get().inboundPort(),
                        Optional.of(instance.workload()),
                        Endpoint.Transport.MESH));
            }
        }
        return endpoints;
    }

    /** The port of the instance that a service's target means. */
    static Optional<Instance.Port> target(Instance instance, PortReference reference) {
        return instance.ports().stream()
                .filter(port -> switch (reference) {
                    case PortReference.Numbered(int number) -> port.containerPort() == number;
                    case PortReference.Named(String name) -> port.name().equals(name);
                })
                .findFirst();
    }

    private static String show(PortReference reference) {
        return switch (reference) {
            case PortReference.Numbered(int number) -> Integer.toString(number);
            case PortReference.Named(String name) -> "\"" + name + "\"";
        };
    }

    private static Optional<Revision> revision(Declarations declarations, Declared<Service> service) {
        return Optional.ofNullable(service.resource().labels().get(Revision.LABEL))
                .flatMap(name ->
                        declarations.find(Kinds.REVISION.key(service.resource().namespace(), name), Revision.class));
    }

    /** What a revision says of its requests: the whole, the answer's start, and the pause within it. */
    static Timeouts timeouts(RevisionSpec spec) {
        return Timeouts.ofRequest(spec.timeout())
                .withHeader(spec.responseStartTimeout().orElse(Duration.ZERO))
                .withIdle(spec.idleTimeout().orElse(Duration.ZERO));
    }
}
