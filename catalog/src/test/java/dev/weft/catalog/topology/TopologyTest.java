package dev.weft.catalog.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.catalog.Given;
import dev.weft.catalog.ManualClock;
import dev.weft.catalog.declared.Declared;
import dev.weft.catalog.metrics.Apexes;
import dev.weft.catalog.metrics.BackendTraffic;
import dev.weft.catalog.metrics.Counters;
import dev.weft.catalog.metrics.History;
import dev.weft.catalog.metrics.Recorder;
import dev.weft.catalog.metrics.Traffic;
import dev.weft.model.traffic.Snapshot;
import dev.weft.resources.Kinds;
import dev.weft.resources.MemoryStore;
import dev.weft.resources.Resource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

final class TopologyTest {

    private final MemoryStore store = new MemoryStore();
    private final Counters<Traffic> traffic = Counters.ofRequests(100);
    private final Counters<BackendTraffic> backends = Counters.ofTries(100);
    private final History history = new History(new ManualClock(), traffic, backends);
    private final Recorder recorder = new Recorder(traffic, backends);

    @Test
    void goesFromTheEdgeOverTheServiceToTheFunctionAndOnToBothVersions() {
        declareRevision();
        recorder.use(Apexes.of(Given.snapshot()));
        recorder.record(Given.edge("r", 200, 5));
        recorder.record(Given.outbound("r", Given.HELLO, Given.QUOTE_V1, 200, 5));
        recorder.record(Given.inbound("r", Given.HELLO.identity(), Given.QUOTE_V1, 200, 5));

        Graph graph = graph(Given.snapshot());

        assertThat(graph.links())
                .extracting(link -> link.from() + " > " + link.to())
                .containsExactlyInAnyOrder(
                        "clients > edge",
                        "edge > service/default/hello",
                        "service/default/hello > revision/default/hello-00001",
                        "revision/default/hello-00001 > service/default/quote",
                        "service/default/quote > workload/default/quote-v1",
                        "service/default/quote > workload/default/quote-v2");
        Link called = link(graph, "revision/default/hello-00001 > service/default/quote");
        assertThat(called.security()).isEqualTo(Link.Security.TLS);
        assertThat(called.clientIds()).containsExactly(Given.HELLO.identity().uri());
        assertThat(called.serverIds()).containsExactly(Given.QUOTE_V1.identity().uri());
        assertThat(called.golden().requests()).isEqualTo(1);
        assertThat(link(graph, "service/default/quote > workload/default/quote-v2")
                        .weight())
                .contains(0.1);
        assertThat(link(graph, "clients > edge").security()).isEqualTo(Link.Security.CLEAR);
    }

    @Test
    void aFunctionAtZeroIsOnTheMap() {
        declareRevision();
        Snapshot awake = Given.snapshot();
        Snapshot asleep = new Snapshot(
                8,
                awake.edge(),
                awake.edgeFrontends(),
                awake.meshFrontends(),
                Map.of(),
                List.of(),
                Map.of(),
                List.of());

        Node node = graph(asleep).nodes().stream()
                .filter(each -> each.id().equals("revision/default/hello-00001"))
                .findFirst()
                .orElseThrow();

        assertThat(node.type()).isEqualTo(Node.Type.REVISION);
        assertThat(node.ready()).isZero();
    }

    @Test
    void isExportedAsDotAndText() {
        Graph graph = graph(Given.snapshot());

        assertThat(TopologyText.dot(graph))
                .startsWith("digraph weft {")
                .contains("\"edge\" -> \"service/default/hello\" [label=\"no traffic\", style=dashed];");
        assertThat(TopologyText.text(graph)).contains("service/default/quote -> workload/default/quote-v1");
    }

    private Graph graph(Snapshot snapshot) {
        return Topology.of(history.all(), history.all(), snapshot, new Declared(store));
    }

    private static Link link(Graph graph, String ends) {
        return graph.links().stream()
                .filter(link -> ends.equals(link.from() + " > " + link.to()))
                .findFirst()
                .orElseThrow();
    }

    private void declareRevision() {
        String labels = "{\"serving.knative.dev/revision\": \"hello-00001\"}";
        create("v1", "Service", "hello-00001", labels);
        create("apps/v1", "Deployment", "hello-00001-deployment", labels);
    }

    private void create(String version, String kind, String name, String labels) {
        String json = """
                {"apiVersion": "%s", "kind": "%s",
                 "metadata": {"namespace": "default", "name": "%s", "labels": %s}, "spec": {}}
                """.formatted(version, kind, name, labels);
        String group = version.contains("/") ? "apps" : "";
        store.create(new Resource(Kinds.find(group, kind).orElseThrow(), (ObjectNode)
                JsonMapper.shared().readTree(json)));
    }
}
