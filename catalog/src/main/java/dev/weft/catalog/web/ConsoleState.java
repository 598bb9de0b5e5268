package dev.weft.catalog.web;

import dev.weft.catalog.declared.Declared;
import dev.weft.catalog.declared.ResourceRow;
import dev.weft.catalog.declared.ResourceRows;
import dev.weft.catalog.metrics.Direction;
import dev.weft.catalog.metrics.Golden;
import dev.weft.catalog.metrics.History;
import dev.weft.catalog.metrics.Party;
import dev.weft.catalog.metrics.Window;
import dev.weft.catalog.query.QueryJson;
import dev.weft.catalog.slo.Objectives;
import dev.weft.catalog.slo.SloJson;
import dev.weft.catalog.topology.Graph;
import dev.weft.catalog.topology.Layout;
import dev.weft.catalog.topology.Topology;
import dev.weft.catalog.topology.TopologyText;
import dev.weft.catalog.why.Recent;
import dev.weft.model.outcome.ConnectionOutcome;
import dev.weft.model.outcome.Ended;
import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.outcome.Hop;
import dev.weft.model.outcome.Outcome;
import dev.weft.model.outcome.Peer;
import dev.weft.model.traffic.ServicePort;
import dev.weft.model.traffic.Snapshot;
import dev.weft.model.traffic.Snapshots;
import dev.weft.model.workload.Instance;
import dev.weft.model.workload.Workload;
import dev.weft.model.workload.WorkloadIdentity;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the console shows, in sections, so that a stream sends only those that changed. Computed at most once in half a
 * second, however many look. Owner of what was computed last: the monitor.
 */
public final class ConsoleState {

    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final long AGE_MAX_MILLIS = 500;
    private static final int REFUSALS = 12;
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Clock clock;
    private final Snapshots snapshots;
    private final History history;
    private final Objectives objectives;
    private final Declared declared;
    private final Recent recent;
    private Map<String, JsonNode> last = Map.of();
    private List<String> shape = List.of();
    private Layout.Placed layout = Layout.of(new Graph(List.of(), List.of()));
    private long lastMillis = Long.MIN_VALUE / 2;

    public ConsoleState(
            Clock clock,
            Snapshots snapshots,
            History history,
            Objectives objectives,
            Declared declared,
            Recent recent) {
        this.clock = clock;
        this.snapshots = snapshots;
        this.history = history;
        this.objectives = objectives;
        this.declared = declared;
        this.recent = recent;
    }

    /** The sections by name: {@code summary}, {@code topology}, {@code slos}, {@code resources}, {@code refusals}. */
    synchronized Map<String, JsonNode> sections() {
        long now = clock.millis();
        if (now - lastMillis > AGE_MAX_MILLIS) {
            last = compute();
            lastMillis = now;
        }
        return last;
    }

    private Map<String, JsonNode> compute() {
        Snapshot snapshot = snapshots.current();
        Window window = history.last(WINDOW);
        Map<String, JsonNode> sections = new LinkedHashMap<>();
        sections.put("summary", summary(window, snapshot));
        Graph graph = Topology.of(window, history.all(), snapshot, declared);
        sections.put("topology", TopologyText.json(graph, placed(graph)));
        sections.put("slos", SloJson.of(objectives.states()).path("rows"));
        sections.put("resources", resources(snapshot));
        sections.put("refusals", refusals());
        return sections;
    }

    /** Placed anew only when a node or a link came or went. */
    private Layout.Placed placed(Graph graph) {
        List<String> newShape = new ArrayList<>();
        graph.nodes().forEach(node -> newShape.add(node.id()));
        graph.links().forEach(link -> newShape.add(link.from() + "\n" + link.to()));
        if (!newShape.equals(shape)) {
            shape = newShape;
            layout = Layout.of(graph);
        }
        return layout;
    }

    /** The requests from outside, where there are any; else what workloads call. */
    private static ObjectNode summary(Window window, Snapshot snapshot) {
        Golden edge = Golden.of(
                window,
                series -> series.direction() == Direction.INBOUND
                        && series.reporter().equals(Party.EDGE));
        Golden sent = Golden.of(window, series -> series.direction() == Direction.OUTBOUND);
        Golden secured = Golden.of(window, series -> series.direction() == Direction.OUTBOUND && series.tls());
        Golden connected = Golden.of(
                window,
                series -> series.direction() == Direction.OUTBOUND
                        && (series.tls() || series.destination().known()));
        ObjectNode json = JSON.objectNode().put("snapshot", snapshot.version());
        json.put("side", edge.requests() > 0 ? "edge" : "mesh");
        QueryJson.golden(json, edge.requests() > 0 ? edge : sent);
        if (connected.requests() > 0) {
            json.put("securedShare", secured.requests() / (double) connected.requests());
        } else {
            json.putNull("securedShare");
        }
        Set<WorkloadIdentity> identities = new HashSet<>();
        snapshot.instances()
                .forEach(instance -> identities.add(instance.workload().identity()));
        return json.put("pods", snapshot.instances().size())
                .put(
                        "readyPods",
                        snapshot.instances().stream().filter(Instance::ready).count())
                .put("identities", identities.size());
    }

    private ArrayNode resources(Snapshot snapshot) {
        ArrayNode rows = JSON.arrayNode();
        for (ResourceRow row : ResourceRows.of(declared, snapshot)) {
            rows.addObject()
                    .put("kind", row.key().kind().kind())
                    .put("group", row.key().kind().group())
                    .put("namespace", row.key().namespace())
                    .put("name", row.key().name())
                    .put("state", row.state().name().toLowerCase(Locale.ROOT))
                    .put("reason", row.reason())
                    .put("message", row.message());
        }
        return rows;
    }

    /** Of each request or connection the hop that tells most: the one whose proxy refused, else the first that came back. */
    private static List<Ended> oneOfEach(List<Ended> newest) {
        Map<String, Ended> byId = new LinkedHashMap<>();
        for (Ended ended : newest) {
            byId.merge(
                    ended.id(),
                    ended,
                    (kept, other) -> kept.error().isPresent() || other.error().isEmpty() ? kept : other);
        }
        return byId.values().stream().limit(REFUSALS).toList();
    }

    private ArrayNode refusals() {
        ArrayNode rows = JSON.arrayNode();
        for (Ended ended : oneOfEach(recent.newestRefused(4 * REFUSALS))) {
            Workload reporter = ended.reporter();
            String own = reporter.namespace() + "/" + reporter.name();
            boolean inbound = ended.hop() == Hop.INBOUND;
            ObjectNode row = rows.addObject()
                    .put("requestId", ended.id())
                    .put("startedAt", ended.startedAt().toString())
                    .put("hop", ended.hop().name().toLowerCase(Locale.ROOT))
                    .put("error", ended.error().map(ErrorCode::code).orElse(""));
            switch (ended) {
                case Outcome request ->
                    row.put("source", inbound ? from(request.client()) : own)
                            .put("target", inbound ? own : to(request.service(), request.authority()))
                            .put("method", request.method())
                            .put("path", request.path())
                            .put("status", request.status());
                case ConnectionOutcome connection ->
                    row.put("source", inbound ? from(connection.ends().client()) : own)
                            .put("target", inbound ? own : to(connection.ends().service(), connection.serverName()))
                            .put("method", connection.verdict().protocol().name())
                            .put("path", connection.serverName())
                            .put("status", 0);
            }
        }
        return rows;
    }

    private static String from(Peer client) {
        return client.identity().map(WorkloadIdentity::uri).orElse(client.address());
    }

    private static String to(Optional<ServicePort> service, String otherwise) {
        return service.map(ServicePort::toString).orElse(otherwise);
    }
}
