package dev.weft.apiserver.figures;

import dev.weft.resources.Key;
import dev.weft.resources.Kind;
import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import dev.weft.resources.ResourceStore;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Makes documents of {@code metrics.k8s.io}: what pods and nodes use, as {@code kubectl top} shows it. */
public final class Figures {

    private final UsageFigures usage;
    private final ResourceStore store;

    public Figures(UsageFigures usage, ResourceStore store) {
        this.usage = usage;
        this.store = store;
    }

    /** Everything of a kind of figures; of one namespace or (empty) of all. */
    public List<Resource> of(Kind kind, String namespace) {
        return kind.equals(Kinds.POD_METRICS) ? pods(namespace) : nodes();
    }

    private List<Resource> pods(String namespace) {
        return usage.pods().stream()
                .filter(pod -> namespace.isEmpty() || pod.namespace().equals(namespace))
                .map(this::pod)
                .toList();
    }

    private Resource pod(UsageFigures.OfPod pod) {
        ObjectNode json = document(
                Kinds.POD_METRICS.key(pod.namespace(), pod.name()),
                store.get(Kinds.POD.key(pod.namespace(), pod.name())),
                pod.time(),
                pod.window());
        ArrayNode containers = json.putArray("containers");
        for (UsageFigures.OfContainer each : pod.containers()) {
            use(containers.addObject().put("name", each.name()), each.use());
        }
        return new Resource(Kinds.POD_METRICS, json);
    }

    private List<Resource> nodes() {
        return usage.node().stream().map(this::node).toList();
    }

    private Resource node(UsageFigures.OfNode node) {
        Optional<Resource> about = store.get(Kinds.NODE.key("", node.name()));
        ObjectNode json = document(Kinds.NODE_METRICS.key("", node.name()), about, node.time(), node.window());
        use(json, node.use());
        return new Resource(Kinds.NODE_METRICS, json);
    }

    /** @param about has its labels, by which it is selected */
    private static ObjectNode document(Key key, Optional<Resource> about, Instant time, Duration window) {
        ObjectNode json = Resource.of(key).edit();
        String end = time.truncatedTo(ChronoUnit.SECONDS).toString();
        ObjectNode metadata = json.withObject("/metadata").put("creationTimestamp", end);
        about.filter(it -> !it.labels().isEmpty()).ifPresent(it -> metadata.set("labels", it.at("/metadata/labels")));
        json.put("timestamp", end);
        json.put("window", window.toMillis() / 1000.0 + "s");
        return json;
    }

    private static void use(ObjectNode into, UsageFigures.Use use) {
        into.putObject("usage").put("cpu", use.nanocores() + "n").put("memory", (use.bytes() >> 10) + "Ki");
    }
}
