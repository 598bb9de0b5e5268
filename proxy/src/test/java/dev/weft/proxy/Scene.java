package dev.weft.proxy;

import dev.weft.model.policy.HeadLimits;
import dev.weft.model.policy.RateLimit;
import dev.weft.model.policy.RetryPolicy;
import dev.weft.model.policy.Timeouts;
import dev.weft.model.problem.ResourceReference;
import dev.weft.model.traffic.AccessPolicy;
import dev.weft.model.traffic.Backend;
import dev.weft.model.traffic.DeclaredProtocol;
import dev.weft.model.traffic.EdgeListener;
import dev.weft.model.traffic.EdgeRules;
import dev.weft.model.traffic.Endpoint;
import dev.weft.model.traffic.EndpointGroup;
import dev.weft.model.traffic.Frontend;
import dev.weft.model.traffic.RouteFilter;
import dev.weft.model.traffic.Rule;
import dev.weft.model.traffic.ServerCertificate;
import dev.weft.model.traffic.ServicePort;
import dev.weft.model.traffic.Snapshot;
import dev.weft.model.traffic.Snapshots;
import dev.weft.model.traffic.WeightedBackend;
import dev.weft.model.workload.Instance;
import dev.weft.model.workload.ServiceName;
import dev.weft.model.workload.Workload;
import dev.weft.model.workload.WorkloadIdentity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A snapshot that a test builds up and shows: one edge port, services, pods. */
final class Scene implements Snapshots {

    static final ResourceReference SOURCE = new ResourceReference("test", "Test", "default", "scene");

    private final List<Consumer<Snapshot>> listeners = new CopyOnWriteArrayList<>();
    private final List<EdgeListener> edge = new ArrayList<>();
    private final List<Frontend> edgeFrontends = new ArrayList<>();
    private final Map<ServicePort, Frontend> mesh = new HashMap<>();
    private final Map<ServicePort, EndpointGroup> groups = new HashMap<>();
    private final List<Instance> instances = new ArrayList<>();
    private final Map<String, AccessPolicy> access = new HashMap<>();
    private final Map<String, List<RateLimit>> limits = new HashMap<>();
    private EdgeRules edgeRules = EdgeRules.DEFAULT;
    private Optional<HeadLimits> meshHeads = Optional.empty();
    private volatile Snapshot current = Snapshot.EMPTY;

    static ServicePort service(String name) {
        return new ServicePort(new ServiceName("default", name), 80);
    }

    static Workload workload(String name) {
        return new Workload(
                "default",
                name + "-1",
                name,
                "Deployment",
                new WorkloadIdentity(WorkloadIdentity.TRUST_DOMAIN, "default", name));
    }

    static Endpoint plain(int port) {
        return new Endpoint("127.0.0.1", port, Optional.empty(), Endpoint.Transport.PLAIN);
    }

    Scene edge(int port, ServerCertificate... certificates) {
        boolean tls = certificates.length > 0;
        edge.removeIf(listener -> listener.port() == port);
        edge.add(new EdgeListener(
                (tls ? "https-" : "http-") + port, SOURCE, "127.0.0.1", port, tls, List.of(certificates)));
        return this;
    }

    Scene noEdge(int port) {
        edge.removeIf(listener -> listener.port() == port);
        return this;
    }

    /** Requests for this host go to the service of this name; the rest of the rule as given. */
    Scene host(String host, String service, Duration timeout, RetryPolicy retry, RouteFilter... filters) {
        return host(host, service, Timeouts.ofRequest(timeout), retry, filters);
    }

    Scene host(String host, String service, Timeouts timeouts, RetryPolicy retry, RouteFilter... filters) {
        Rule rule = new Rule(
                "all",
                SOURCE,
                List.of(),
                List.of(filters),
                List.of(new WeightedBackend(new Backend.Service(service(service)), 1)),
                timeouts,
                retry);
        edgeFrontends.removeIf(frontend -> frontend.name().equals(host));
        edgeFrontends.add(new Frontend(host, SOURCE, List.of(host), List.of(rule)));
        return this;
    }

    Scene host(String host, String service) {
        return host(host, service, Duration.ofSeconds(5), RetryPolicy.DEFAULT);
    }

    Scene frontend(Frontend frontend) {
        edgeFrontends.add(frontend);
        return this;
    }

    Scene group(EndpointGroup group) {
        groups.put(group.servicePort(), group);
        return mesh(group.servicePort());
    }

    /** What the one rule of this service does with workloads' calls beside passing them on. */
    Scene mesh(String service, RouteFilter... filters) {
        return mesh(service(service), filters);
    }

    private Scene mesh(ServicePort to, RouteFilter... filters) {
        Rule rule = new Rule(
                "all",
                SOURCE,
                List.of(),
                List.of(filters),
                List.of(new WeightedBackend(new Backend.Service(to), 1)),
                Timeouts.ofRequest(Duration.ofSeconds(5)),
                RetryPolicy.DEFAULT);
        mesh.put(to, new Frontend(to.toString(), SOURCE, List.of(), List.of(rule)));
        return this;
    }

    /** What calls to the service of its first rule's backend mean. */
    Scene mesh(Frontend frontend) {
        if (frontend.rules().getFirst().backends().getFirst().backend() instanceof Backend.Service to) {
            mesh.put(to.servicePort(), frontend);
        }
        return this;
    }

    Scene group(String service, Endpoint... endpoints) {
        return group(new EndpointGroup(service(service), List.of(endpoints), false, 0));
    }

    /** A pod on this address, whose program listens on this local port. */
    Scene pod(String name, String address, int outboundPort, int inboundPort, int applicationPort) {
        instances.removeIf(instance -> instance.workload().equals(workload(name)));
        Instance.Port port = new Instance.Port("http", 8080, inboundPort, "127.0.0.1", applicationPort);
        instances.add(new Instance(workload(name), Map.of(), address, outboundPort, List.of(port), true));
        return this;
    }

    /** Where the pod stands. */
    Scene zone(String pod, String zone) {
        instances.replaceAll(instance -> instance.workload().equals(workload(pod))
                ? new Instance(
                        instance.workload(),
                        Map.of(Instance.ZONE_LABEL, zone),
                        instance.address(),
                        instance.outboundPort(),
                        instance.ports(),
                        instance.outlets(),
                        true)
                : instance);
        return this;
    }

    /** What the pod connects to at this port of its address goes to the service. */
    Scene outlet(String pod, int port, String service) {
        ServicePort to = service(service);
        Instance.Outlet added = new Instance.Outlet(to.service(), to.port(), port);
        instances.replaceAll(instance -> instance.workload().equals(workload(pod))
                ? new Instance(
                        instance.workload(),
                        instance.labels(),
                        instance.address(),
                        instance.outboundPort(),
                        instance.ports(),
                        Stream.concat(instance.outlets().stream(), Stream.of(added))
                                .toList(),
                        true)
                : instance);
        return this;
    }

    /** Declares what a service speaks, and how long its streams may be idle. */
    Scene speaks(String service, DeclaredProtocol.Kind kind, Duration idle) {
        groups.computeIfPresent(
                service(service), (_, group) -> group.with(new DeclaredProtocol(kind, "the test"), idle));
        return this;
    }

    Scene edge(EdgeListener listener) {
        edge.removeIf(other -> other.port() == listener.port());
        edge.add(listener);
        return this;
    }

    Scene noPod(String name) {
        instances.removeIf(instance -> instance.workload().equals(workload(name)));
        return this;
    }

    Scene access(String pod, AccessPolicy policy) {
        access.put("default/" + pod + "-1", policy);
        return this;
    }

    /** Of one port of the pod. */
    Scene limit(String pod, int port, RateLimit... those) {
        limits.put("default/" + pod + "-1:" + port, List.of(those));
        return this;
    }

    Scene limit(String pod, RateLimit... those) {
        limits.put("default/" + pod + "-1", List.of(those));
        return this;
    }

    Scene rules(EdgeRules others) {
        edgeRules = others;
        return this;
    }

    Scene meshHeads(HeadLimits limits) {
        meshHeads = Optional.of(limits);
        return this;
    }

    /** Makes it the current snapshot. */
    void show() {
        current = new Snapshot(
                current.version() + 1,
                edge,
                edgeFrontends,
                mesh,
                groups,
                instances,
                access,
                limits,
                edgeRules,
                List.of(),
                meshHeads);
        listeners.forEach(listener -> listener.accept(current));
    }

    @Override
    public Snapshot current() {
        return current;
    }

    @Override
    public void onChange(Consumer<Snapshot> listener) {
        listeners.add(listener);
        listener.accept(current);
    }
}
