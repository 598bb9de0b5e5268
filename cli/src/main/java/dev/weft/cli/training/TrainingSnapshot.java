package dev.weft.cli.training;

import dev.weft.cli.authority.LocalAuthority;
import dev.weft.model.policy.RetryPolicy;
import dev.weft.model.policy.Timeouts;
import dev.weft.model.problem.ResourceReference;
import dev.weft.model.traffic.AccessPolicy;
import dev.weft.model.traffic.Backend;
import dev.weft.model.traffic.DeclaredProtocol;
import dev.weft.model.traffic.EdgeListener;
import dev.weft.model.traffic.EdgeStream;
import dev.weft.model.traffic.Endpoint;
import dev.weft.model.traffic.EndpointGroup;
import dev.weft.model.traffic.Frontend;
import dev.weft.model.traffic.Match;
import dev.weft.model.traffic.PathMatch;
import dev.weft.model.traffic.Rule;
import dev.weft.model.traffic.ServerCertificate;
import dev.weft.model.traffic.ServicePort;
import dev.weft.model.traffic.Snapshot;
import dev.weft.model.traffic.WeightedBackend;
import dev.weft.model.workload.Instance;
import dev.weft.model.workload.ServiceName;
import dev.weft.model.workload.Workload;
import dev.weft.model.workload.WorkloadIdentity;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the trained proxy is told: an edge with routes, streams and a certificate, and one pod that calls another. */
final class TrainingSnapshot {

    private static final String NAMESPACE = "default";
    private static final ResourceReference SOURCE = new ResourceReference("", "Service", NAMESPACE, "train");
    private static final ServicePort PAIR = service("pair");

    private TrainingSnapshot() {}

    /** Those that the proxy listens on. */
    record Ports(int http, int https, int tcp, int outbound, int inbound, int unused) {}

    static Snapshot of(Ports ports, int server, LocalAuthority authority) {
        ServicePort first = service("first");
        ServicePort calls = service("calls");
        EdgeStream stream = new EdgeStream("", false, frontend("stream", rule("/", first)), Duration.ofMinutes(1));
        List<EdgeListener> edge = List.of(
                new EdgeListener("http", SOURCE, "127.0.0.1", ports.http, false, List.of()),
                new EdgeListener("https", SOURCE, "127.0.0.1", ports.https, true, List.of(certificate(authority))),
                new EdgeListener("tcp", SOURCE, "127.0.0.1", ports.tcp, false, List.of(), List.of(stream), false));
        Workload called = workload("called");
        return new Snapshot(
                1,
                edge,
                List.of(frontend("edge", rule("/first/", first), rule("/calls/", calls))),
                Map.of(PAIR, frontend("pair", rule("/", PAIR))),
                Map.of(
                        first, group(first, plain(server)),
                        calls,
                                group(calls, plain(server))
                                        .with(
                                                new DeclaredProtocol(DeclaredProtocol.Kind.HTTP2, "grpc"),
                                                EndpointGroup.STREAM_IDLE),
                        PAIR,
                                group(
                                        PAIR,
                                        new Endpoint(
                                                "127.0.0.1",
                                                ports.inbound,
                                                Optional.of(called),
                                                Endpoint.Transport.MESH))),
                List.of(
                        new Instance(workload("calling"), Map.of(), "127.0.0.1", ports.outbound, List.of(), true),
                        new Instance(
                                called,
                                Map.of(),
                                "127.0.0.1",
                                ports.unused,
                                List.of(new Instance.Port("http", 80, ports.inbound, "127.0.0.1", server)),
                                true)),
                Map.of(NAMESPACE + "/called", AccessPolicy.ALLOW_AUTHENTICATED),
                List.of());
    }

    private static ServerCertificate certificate(LocalAuthority authority) {
        LocalAuthority.Leaf leaf = authority.leaf(List.of("train.invalid"));
        return new ServerCertificate("*", leaf.chainPem(), leaf.keyPem());
    }

    private static ServicePort service(String name) {
        return new ServicePort(new ServiceName(NAMESPACE, name), 80);
    }

    private static Workload workload(String name) {
        var identity = new WorkloadIdentity(WorkloadIdentity.TRUST_DOMAIN, NAMESPACE, name);
        return new Workload(NAMESPACE, name, name, "Deployment", identity);
    }

    private static Endpoint plain(int port) {
        return new Endpoint("127.0.0.1", port, Optional.empty(), Endpoint.Transport.PLAIN);
    }

    private static EndpointGroup group(ServicePort service, Endpoint endpoint) {
        return new EndpointGroup(service, List.of(endpoint), false, 0);
    }

    private static Frontend frontend(String name, Rule... rules) {
        return new Frontend(name, SOURCE, List.of("*"), List.of(rules));
    }

    private static Rule rule(String prefix, ServicePort service) {
        return new Rule(
                service.service().name(),
                SOURCE,
                List.of(new Match(new PathMatch.Prefix(prefix), Set.of(), List.of())),
                List.of(),
                List.of(new WeightedBackend(new Backend.Service(service), 1)),
                Timeouts.DEFAULT,
                RetryPolicy.DEFAULT);
    }
}
