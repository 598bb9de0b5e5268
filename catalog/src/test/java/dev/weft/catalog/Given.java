package dev.weft.catalog;

import dev.weft.model.outcome.Attempt;
import dev.weft.model.outcome.ConnectionOutcome;
import dev.weft.model.outcome.Decision;
import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.outcome.Hop;
import dev.weft.model.outcome.Outcome;
import dev.weft.model.outcome.Peer;
import dev.weft.model.outcome.ProtocolVerdict;
import dev.weft.model.outcome.Trace;
import dev.weft.model.policy.RetryPolicy;
import dev.weft.model.policy.Timeouts;
import dev.weft.model.problem.ResourceReference;
import dev.weft.model.traffic.Backend;
import dev.weft.model.traffic.Endpoint;
import dev.weft.model.traffic.EndpointGroup;
import dev.weft.model.traffic.Frontend;
import dev.weft.model.traffic.Rule;
import dev.weft.model.traffic.ServicePort;
import dev.weft.model.traffic.Snapshot;
import dev.weft.model.traffic.Snapshots;
import dev.weft.model.traffic.WeightedBackend;
import dev.weft.model.workload.Instance;
import dev.weft.model.workload.ServiceName;
import dev.weft.model.workload.Workload;
import dev.weft.model.workload.WorkloadIdentity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The demonstration's shapes, for tests: edge → hello → quote, which is split over two versions. */
public final class Given {

    public static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");
    public static final Workload HELLO = workload("hello-00001-deployment", "hello");
    public static final Workload QUOTE_V1 = workload("quote-v1", "quote");
    public static final Workload QUOTE_V2 = workload("quote-v2", "quote");
    public static final Workload STRANGER = workload("stranger", "stranger");
    public static final ServicePort HELLO_SERVICE = ServicePort.parse("default/hello:80");
    public static final ServicePort HELLO_LEAF = ServicePort.parse("default/hello-00001:80");
    public static final ServicePort QUOTE_SERVICE = ServicePort.parse("default/quote:80");

    private Given() {}

    public static Workload workload(String owner, String serviceAccount) {
        WorkloadIdentity identity = new WorkloadIdentity("cluster.local", "default", serviceAccount);
        return new Workload("default", owner + "-abc12", owner, "Deployment", identity);
    }

    public static ServicePort leaf(Workload workload) {
        return workload.equals(HELLO) ? HELLO_LEAF : new ServicePort(new ServiceName("default", workload.owner()), 80);
    }

    /** From outside through the edge to hello. */
    public static Outcome edge(String id, int status, long millis) {
        return outcome(id, Hop.EDGE, Workload.EDGE, clear(), HELLO, "hello.default.example.com", status, millis);
    }

    /** From hello to a version of quote, on hello's side. */
    public static Outcome outbound(String id, Workload from, Workload to, int status, long millis) {
        return outcome(id, Hop.OUTBOUND, from, clear(), to, "quote.default.svc.cluster.local:80", status, millis);
    }

    /** The same on the called side. */
    public static Outcome inbound(String id, WorkloadIdentity from, Workload at, int status, long millis) {
        Outcome base = outcome(id, Hop.INBOUND, at, mesh(from), at, "", status, millis);
        return refused(base, status, Optional.empty(), List.of());
    }

    /** The same Outcome with another end, and as if it had gone nowhere. */
    public static Outcome refused(Outcome base, int status, Optional<ErrorCode> error, List<Decision> decisions) {
        return new Outcome(
                base.requestId(),
                base.hop(),
                base.reporter(),
                base.client(),
                Optional.empty(),
                base.listener(),
                base.frontend(),
                base.rule(),
                base.hop() == Hop.INBOUND ? Optional.empty() : base.service(),
                base.method(),
                base.authority(),
                base.path(),
                status,
                error,
                base.startedAt(),
                0,
                base.firstByteNanos(),
                base.totalNanos(),
                0,
                0,
                List.of(),
                decisions,
                base.snapshotVersion());
    }

    /** From hello to a database, passed on as bytes; seen on hello's side. */
    public static ConnectionOutcome stream(String id, Optional<ErrorCode> error) {
        return stream(id, Hop.OUTBOUND, error);
    }

    public static ConnectionOutcome stream(String id, Hop hop, Optional<ErrorCode> error) {
        ServicePort service = ServicePort.parse("default/db:5432");
        Endpoint endpoint = new Endpoint("127.1.0.9", 4143, Optional.of(QUOTE_V1), Endpoint.Transport.MESH);
        boolean established = error.isEmpty();
        ConnectionOutcome.Ends ends = new ConnectionOutcome.Ends(
                hop,
                hop == Hop.OUTBOUND ? HELLO : QUOTE_V1,
                hop.name().toLowerCase(Locale.ROOT) + "-db",
                clear(),
                established ? Optional.of(mesh(QUOTE_V1.identity())) : Optional.empty(),
                established ? Optional.of(endpoint) : Optional.empty(),
                Optional.of(service));
        return new ConnectionOutcome(
                id,
                ends,
                established,
                new ProtocolVerdict(ProtocolVerdict.Protocol.OPAQUE, ProtocolVerdict.Reason.SERVER_FIRST),
                "",
                List.of(new Attempt(service, endpoint, 0, error, 0, 400_000, 0, 2_000_000)),
                established ? 7 : 0,
                established ? 9 : 0,
                established ? ConnectionOutcome.EndedBy.CLIENT : ConnectionOutcome.EndedBy.PROXY,
                error,
                established ? "" : "Nobody listens there.",
                T0,
                0,
                1_000_000,
                2_000_000,
                established
                        ? List.of()
                        : List.of(
                                new Decision("route", "frontend db, rule all of Service default/db"),
                                new Decision("balance", "one rather than the other"),
                                new Decision("answer", "connect-failed: Nobody listens there.")),
                Optional.of(new Trace(1, 2, 3, 0, "")),
                7);
    }

    public static Outcome outcome(
            String id, Hop hop, Workload reporter, Peer client, Workload to, String frontend, int status, long millis) {
        long nanos = Duration.ofMillis(millis).toNanos();
        Endpoint endpoint = new Endpoint("127.1.0.9", 4143, Optional.of(to), Endpoint.Transport.MESH);
        Attempt attempt = new Attempt(leaf(to), endpoint, status, Optional.empty(), 0, 400_000, nanos, nanos);
        return new Outcome(
                id,
                hop,
                reporter,
                client,
                Optional.of(mesh(to.identity())),
                "listener-1",
                frontend,
                frontend.isEmpty() ? "TrafficTarget default/quote-access" : "rule-1",
                Optional.of(leaf(to)),
                "GET",
                frontend,
                "/",
                status,
                Optional.empty(),
                T0,
                0,
                nanos,
                nanos,
                100,
                1_000,
                List.of(attempt),
                List.of(),
                7);
    }

    public static Peer mesh(WorkloadIdentity identity) {
        return new Peer(
                "127.1.0.9:40000", Optional.of(identity), "TLSv1.3", "TLS_AES_128_GCM_SHA256", "X25519MLKEM768");
    }

    public static Peer clear() {
        return Peer.clear("127.0.0.1:50000");
    }

    public static Snapshot snapshot() {
        return snapshot(List.of());
    }

    /** The same, whose pods all have these ports. */
    public static Snapshot snapshot(List<Instance.Port> ports) {
        Map<ServicePort, Frontend> mesh = new HashMap<>();
        mesh.put(HELLO_SERVICE, frontend("hello.default.svc.cluster.local:80", service(HELLO_LEAF, 100)));
        mesh.put(HELLO_LEAF, frontend("hello-00001.default.svc.cluster.local:80", service(HELLO_LEAF, 100)));
        mesh.put(
                QUOTE_SERVICE,
                frontend(
                        "quote.default.svc.cluster.local:80",
                        service(leaf(QUOTE_V1), 90),
                        service(leaf(QUOTE_V2), 10)));
        List<Workload> workloads = List.of(HELLO, QUOTE_V1, QUOTE_V2);
        Map<ServicePort, EndpointGroup> groups = new HashMap<>();
        List<Instance> instances = new ArrayList<>();
        for (Workload workload : workloads) {
            Endpoint endpoint = new Endpoint("127.1.0.9", 4143, Optional.of(workload), Endpoint.Transport.MESH);
            groups.put(leaf(workload), new EndpointGroup(leaf(workload), List.of(endpoint), workload.equals(HELLO), 0));
            instances.add(new Instance(workload, Map.of(), "127.1.0.9", 4140, ports, true));
        }
        Backend delegate = new Backend.Delegate(HELLO_SERVICE);
        return new Snapshot(
                7,
                List.of(),
                List.of(frontend("hello.default.example.com", new WeightedBackend(delegate, 1))),
                mesh,
                groups,
                instances,
                Map.of(),
                List.of());
    }

    public static Snapshots snapshots(Snapshot snapshot) {
        return new Snapshots() {
            @Override
            public Snapshot current() {
                return snapshot;
            }

            @Override
            public void onChange(Consumer<Snapshot> listener) {
                listener.accept(snapshot);
            }
        };
    }

    private static WeightedBackend service(ServicePort leaf, int weight) {
        return new WeightedBackend(new Backend.Service(leaf), weight);
    }

    private static Frontend frontend(String name, WeightedBackend... backends) {
        ResourceReference source = new ResourceReference("", "Service", "default", name);
        Rule rule = new Rule(
                "rule-1", source, List.of(), List.of(), List.of(backends), Timeouts.DEFAULT, RetryPolicy.DEFAULT);
        return new Frontend(name, source, List.of(name), List.of(rule));
    }
}
