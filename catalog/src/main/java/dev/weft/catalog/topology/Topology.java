package dev.weft.catalog.topology;

import dev.weft.catalog.declared.Declared;
import dev.weft.catalog.metrics.Apexes;
import dev.weft.catalog.metrics.Direction;
import dev.weft.catalog.metrics.Golden;
import dev.weft.catalog.metrics.Party;
import dev.weft.catalog.metrics.Sums;
import dev.weft.catalog.metrics.Traffic;
import dev.weft.catalog.metrics.Window;
import dev.weft.model.traffic.Backend;
import dev.weft.model.traffic.Frontend;
import dev.weft.model.traffic.Rule;
import dev.weft.model.traffic.ServicePort;
import dev.weft.model.traffic.Snapshot;
import dev.weft.model.traffic.WeightedBackend;
import dev.weft.model.workload.Instance;
import dev.weft.model.workload.WorkloadIdentity;
import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * Puts the map together. What is declared is there without traffic, also at zero pods; what was ever observed stays. A
 * service that only serves as the leaf of another's split is left out: the map goes from the split to the workload.
 */
public final class Topology {

    private final Window window;
    private final Window ever;
    private final Snapshot snapshot;
    private final Declared declared;
    private final Places places;
    private final Apexes apexes;
    private final Map<String, Map<String, LinkDraft>> links = new TreeMap<>();
    private final Map<String, NodeDraft> nodes = new TreeMap<>();

    private static final class NodeDraft {
        private int ready;
        private int wanted;
        private String identity = "";
        private Golden golden;

        NodeDraft(double seconds) {
            golden = Golden.none(seconds);
        }
    }

    private Topology(Window window, Window ever, Snapshot snapshot, Declared declared) {
        this.window = window;
        this.ever = ever;
        this.snapshot = snapshot;
        this.declared = declared;
        this.places = new Places(declared, snapshot);
        this.apexes = Apexes.of(snapshot);
    }

    /**
     * The map as it is now.
     *
     * @param window what the numbers are of
     * @param ever everything that was observed
     */
    public static Graph of(Window window, Window ever, Snapshot snapshot, Declared declared) {
        Topology topology = new Topology(window, ever, snapshot, declared);
        topology.declare();
        topology.run();
        ever.traffic().forEach(topology.each(LinkDraft::observe));
        window.traffic().forEach(topology.each(LinkDraft::count));
        topology.clientIdentities();
        return topology.graph();
    }

    private void declare() {
        node("edge");
        for (Frontend frontend : snapshot.edgeFrontends()) {
            for (Rule rule : frontend.rules()) {
                rule.backends()
                        .forEach(weighted -> target(weighted.backend())
                                .ifPresent(port -> link("edge", Places.service(apexes.apex(port)))
                                        .declare(Optional.empty())));
            }
        }
        snapshot.meshFrontends().forEach((apex, frontend) -> {
            if (apexes.apex(apex).equals(apex)) {
                frontend.rules().forEach(rule -> declare(apex, rule));
            }
        });
    }

    private void declare(ServicePort apex, Rule rule) {
        double sum = rule.backends().stream().mapToInt(WeightedBackend::weight).sum();
        for (WeightedBackend weighted : rule.backends()) {
            Optional<Double> share =
                    sum > 0 && rule.backends().size() > 1 ? Optional.of(weighted.weight() / sum) : Optional.empty();
            target(weighted.backend())
                    .ifPresent(leaf -> places.behind(leaf)
                            .forEach(id -> link(Places.service(apex), id).declare(share)));
        }
    }

    private static Optional<ServicePort> target(Backend backend) {
        return switch (backend) {
            case Backend.Service service -> Optional.of(service.servicePort());
            case Backend.Delegate delegate -> Optional.of(delegate.servicePort());
            case Backend.Invalid invalid -> Optional.empty();
        };
    }

    /** What runs, and what is to run. */
    private void run() {
        for (Resource deployment : declared.all(Kinds.DEPLOYMENT)) {
            String id = places.workload(new Party(deployment.namespace(), "Deployment", deployment.name()));
            int replicas = deployment.at("/spec/replicas").asInt(1);
            if (id.startsWith("workload/") || replicas > 0 || nodes.containsKey(id)) {
                node(id).wanted = replicas;
            }
        }
        for (Instance instance : snapshot.instances()) {
            NodeDraft node = node(places.workload(Party.of(instance.workload())));
            node.ready += instance.ready() ? 1 : 0;
            node.identity = instance.workload().identity().uri();
        }
        NodeDraft edge = node("edge");
        edge.identity = WorkloadIdentity.EDGE.uri();
        edge.ready = 1;
        edge.wanted = 1;
    }

    /** Does the same with each link that a series belongs to. */
    private BiConsumer<Traffic, Sums> each(LinkUse use) {
        return (series, sums) -> {
            String reporter = places.workload(series.reporter());
            if (series.direction() == Direction.INBOUND) {
                if (reporter.equals("edge")) {
                    use.on(link("clients", "edge"), series, sums);
                }
                return;
            }
            Places.service(series.authority()).ifPresent(service -> {
                use.on(link(reporter, service), series, sums);
                if (series.destination().known()) {
                    use.on(link(service, places.workload(series.destination())), series, sums);
                }
            });
        };
    }

    private interface LinkUse {
        void on(LinkDraft link, Traffic series, Sums sums);
    }

    /** Adds to each link the client's identity, if a workload behind the service saw it. */
    private void clientIdentities() {
        Map<String, java.util.Set<String>> seen = new HashMap<>();
        ever.traffic().keySet().stream()
                .filter(series -> series.direction() == Direction.INBOUND)
                .forEach(series -> seen.computeIfAbsent(
                                places.workload(series.reporter()), any -> new java.util.TreeSet<>())
                        .add(series.clientId()));
        links.forEach((from, outgoing) -> outgoing.forEach((to, link) -> {
            String own = node(from).identity;
            boolean shown = links.getOrDefault(to, Map.of()).keySet().stream()
                    .anyMatch(workload ->
                            seen.getOrDefault(workload, java.util.Set.of()).contains(own));
            if (!own.isEmpty() && shown) {
                link.clientId(own);
            }
        }));
    }

    private Graph graph() {
        List<Link> done = new ArrayList<>();
        links.forEach((from, outgoing) -> outgoing.forEach((to, link) -> {
            Link whole = link.link(from, to);
            done.add(whole);
            node(to).golden = node(to).golden.plus(whole.golden());
        }));
        List<Node> all = new ArrayList<>();
        nodes.forEach((id, draft) -> all.add(node(id, draft)));
        return new Graph(all, done);
    }

    private static Node node(String id, NodeDraft draft) {
        String[] parts = id.split("/", 3);
        Node.Type type = switch (parts[0]) {
            case "clients" -> Node.Type.CLIENTS;
            case "edge" -> Node.Type.EDGE;
            case "service" -> Node.Type.SERVICE;
            case "revision" -> Node.Type.REVISION;
            default -> Node.Type.WORKLOAD;
        };
        String namespace = parts.length == 3 ? parts[1] : "";
        String name = parts[parts.length - 1];
        return new Node(id, type, namespace, name, draft.ready, draft.wanted, draft.identity, draft.golden);
    }

    private LinkDraft link(String from, String to) {
        node(from);
        node(to);
        return links.computeIfAbsent(from, any -> new TreeMap<>())
                .computeIfAbsent(to, any -> new LinkDraft(window.seconds()));
    }

    private NodeDraft node(String id) {
        return nodes.computeIfAbsent(id, any -> new NodeDraft(window.seconds()));
    }
}
