package dev.weft.control.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.control.declared.Declarations;
import dev.weft.model.problem.Problem;
import dev.weft.model.traffic.EndpointGroup;
import dev.weft.model.traffic.Frontend;
import dev.weft.model.traffic.ServicePort;
import dev.weft.model.traffic.Snapshot;
import dev.weft.model.workload.Instance;
import dev.weft.model.workload.Workload;
import dev.weft.model.workload.WorkloadIdentity;
import dev.weft.resources.Kind;
import dev.weft.resources.MemoryStore;
import dev.weft.resources.Resource;
import dev.weft.resources.document.Document;
import dev.weft.resources.document.Documents;
import dev.weft.resources.validation.Validation;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What is declared and what runs, for tests of the compiler. */
final class Given {

    private final MemoryStore store = new MemoryStore();
    private final Declarations declarations = new Declarations();
    private final List<Instance> instances = new ArrayList<>();
    private int addresses;
    private InstantSource clock = InstantSource.system();

    Given now(Instant instant) {
        clock = InstantSource.fixed(instant);
        return this;
    }

    /** Applies documents that must be good by themselves. */
    Given yaml(String yaml) {
        Documents documents = Documents.parse("given.yaml", yaml);
        assertThat(documents.problems()).isEmpty();
        for (Document document : documents.documents()) {
            Validation validation = Validation.of(document);
            assertThat(validation.resource()).as("%s", validation.problems()).isPresent();
            Resource stored = store.apply(validation.resource().orElseThrow());
            declarations.put(stored);
        }
        return this;
    }

    /** Applies a document of this kind, which may be wrong. */
    Given wrong(Kind kind, String yaml) {
        Document document = Documents.parse("given.yaml", yaml).documents().getFirst();
        declarations.put(store.apply(new Resource(kind, document.json())));
        return this;
    }

    Given status(Kind kind, String namespace, String name, String statusJson) {
        Document status = Documents.parse("status.json", statusJson).documents().getFirst();
        declarations.put(store.updateStatus(kind.key(namespace, name), status.json()));
        return this;
    }

    /** A Service on port 80 whose pods carry the label {@code app: NAME}. */
    Given service(String name) {
        return yaml("""
                apiVersion: v1
                kind: Service
                metadata: {name: %s}
                spec: {selector: {app: %s}, ports: [{port: 80, targetPort: 8080}]}
                """.formatted(name, name));
    }

    /** A pod with the label {@code app: NAME} and a service account of that name. */
    Given pod(String name, String pod, boolean ready) {
        return podOnHost(name, pod, 0, ready);
    }

    /** The same, reached at a port of this machine too. */
    Given podOnHost(String name, String pod, int hostPort, boolean ready) {
        String address = "127.1.0." + ++addresses;
        WorkloadIdentity identity = new WorkloadIdentity(WorkloadIdentity.TRUST_DOMAIN, "default", name);
        Workload workload = new Workload("default", pod, name, "Deployment", identity);
        Instance.Port port = new Instance.Port("http", 8080, 4143, "127.0.0.1", 30_000 + addresses, hostPort);
        instances.add(new Instance(workload, Map.of("app", name), address, 4140, List.of(port), ready));
        return this;
    }

    /** The last pod stands in this zone. */
    Given zone(String zone) {
        Instance last = instances.removeLast();
        Map<String, String> labels = new HashMap<>(last.labels());
        labels.put(Instance.ZONE_LABEL, zone);
        instances.add(
                new Instance(last.workload(), labels, last.address(), last.outboundPort(), last.ports(), last.ready()));
        return this;
    }

    Snapshot compile() {
        return compile(EdgeOptions.DEFAULT);
    }

    Snapshot compile(EdgeOptions options) {
        return new Compiler(options, clock).compile(1, declarations, instances);
    }

    static Frontend mesh(Snapshot snapshot, String servicePort) {
        return Objects.requireNonNull(snapshot.meshFrontends().get(ServicePort.parse(servicePort)), servicePort);
    }

    static EndpointGroup group(Snapshot snapshot, String servicePort) {
        return Objects.requireNonNull(snapshot.groups().get(ServicePort.parse(servicePort)), servicePort);
    }

    static Frontend edge(Snapshot snapshot, String host) {
        return snapshot.edgeFrontends().stream()
                .filter(frontend -> frontend.hosts().contains(host))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no frontend for " + host + ": " + snapshot.edgeFrontends()));
    }

    /** Every problem of every verdict, without its location. */
    static List<String> problems(Snapshot snapshot) {
        return snapshot.verdicts().stream()
                .flatMap(verdict -> verdict.problems().stream())
                .map(Problem::toString)
                .map(text -> text.substring("api ".length()))
                .toList();
    }

    /** A Mapping of {@code /a/} of every host to the service {@code quote}, with these lines in its spec. */
    static String mapping(String name, String spec) {
        return """
                apiVersion: getambassador.io/v3alpha1
                kind: Mapping
                metadata: {name: %s}
                spec:
                  hostname: "*"
                  prefix: /a/
                  service: quote
                """.formatted(name) + spec.indent(2);
    }
}
