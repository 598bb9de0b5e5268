package dev.weft.catalog.web;

import dev.weft.catalog.declared.Declared;
import dev.weft.catalog.exposition.PrometheusText;
import dev.weft.catalog.metrics.History;
import dev.weft.catalog.metrics.Window;
import dev.weft.catalog.query.Edges;
import dev.weft.catalog.query.QueryJson;
import dev.weft.catalog.query.Stat;
import dev.weft.catalog.query.StatQuery;
import dev.weft.catalog.slo.Objectives;
import dev.weft.catalog.slo.SloJson;
import dev.weft.catalog.tap.OutcomeJson;
import dev.weft.catalog.tap.Taps;
import dev.weft.catalog.topology.Graph;
import dev.weft.catalog.topology.Layout;
import dev.weft.catalog.topology.Topology;
import dev.weft.catalog.topology.TopologyText;
import dev.weft.catalog.why.Recent;
import dev.weft.catalog.why.Why;
import dev.weft.model.outcome.Ended;
import dev.weft.model.traffic.Snapshots;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.server.Handler;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** All that the catalogue answers, by the name under which it is mounted. */
public final class Answers {

    private final Snapshots snapshots;
    private final History history;
    private final PrometheusText metrics;
    private final Recent recent;
    private final Taps taps;
    private final Objectives objectives;
    private final Declared declared;

    public Answers(
            Snapshots snapshots,
            History history,
            PrometheusText metrics,
            Recent recent,
            Taps taps,
            Objectives objectives,
            Declared declared) {
        this.snapshots = snapshots;
        this.history = history;
        this.metrics = metrics;
        this.recent = recent;
        this.taps = taps;
        this.objectives = objectives;
        this.declared = declared;
    }

    /** Handlers by name: {@code stat} is to be mounted as {@code …/stat}, {@code why} with what follows it. */
    public Map<String, Handler> handlers() {
        Map<String, Handler> handlers = new LinkedHashMap<>();
        add(handlers, "stat", this::stat);
        add(handlers, "edges", this::edges);
        add(handlers, "counters", this::counters);
        add(handlers, "slo", (rest, parameters) -> Reply.json(SloJson.of(objectives.states())));
        add(handlers, "topology", this::topology);
        add(handlers, "why", this::why);
        add(handlers, "metrics", this::metrics);
        handlers.put("tap", new TapHandler(taps));
        return handlers;
    }

    private static void add(Map<String, Handler> handlers, String name, Answer answer) {
        handlers.put(name, new AnswerHandler(name, answer));
    }

    private Reply stat(String rest, Map<String, String> parameters) {
        Window window = Windows.of(parameters, "1m", history);
        StatQuery query = StatQuery.parse(parameters);
        return Reply.json(QueryJson.stat(Stat.rows(query, window, snapshots.current()), window.seconds()));
    }

    private Reply edges(String rest, Map<String, String> parameters) {
        Window window = Windows.of(parameters, "all", history);
        return Reply.json(QueryJson.edges(Edges.rows(window, snapshots.current()), window.seconds()));
    }

    private Reply counters(String rest, Map<String, String> parameters) {
        return Reply.json(QueryJson.counters(Windows.of(parameters, "all", history)));
    }

    private Reply metrics(String rest, Map<String, String> parameters) {
        return Reply.text("text/plain; version=0.0.4; charset=utf-8", metrics.render());
    }

    private Reply topology(String rest, Map<String, String> parameters) {
        Window window = Windows.of(parameters, "1m", history);
        Graph graph = Topology.of(window, history.all(), snapshots.current(), declared);
        String format = parameters.getOrDefault("format", "json");
        return switch (format) {
            case "json" -> Reply.json(TopologyText.json(graph, Layout.of(graph)));
            case "dot" -> Reply.text("text/vnd.graphviz; charset=utf-8", TopologyText.dot(graph));
            case "text" -> Reply.text("text/plain; charset=utf-8", TopologyText.text(graph));
            default -> throw new IllegalArgumentException("format: \"" + format + "\" (expected: json, dot or text)");
        };
    }

    /** One request by its id; without one, the newest that failed or were refused. */
    private Reply why(String requestId, Map<String, String> parameters) {
        List<Ended> hops = requestId.isEmpty() ? recent.newestRefused(100) : recent.find(requestId);
        if (hops.isEmpty() && !requestId.isEmpty()) {
            String since = recent.refusedSince().map(this::forgotten).orElse("");
            return Reply.problem(
                    404,
                    "Request not kept",
                    "No request with x-request-id \"" + requestId + "\" is kept: " + since
                            + "it succeeded and was not among the sampled ones, or it never came here.");
        }
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode array = json.putArray("hops");
        hops.forEach(hop -> array.add(OutcomeJson.of(hop)));
        if (!requestId.isEmpty()) {
            String text = Why.text(hops, snapshots.current());
            if (parameters.getOrDefault("format", "").equals("text")) {
                return Reply.text("text/plain; charset=utf-8", text);
            }
            json.put("text", text);
        }
        return Reply.json(json);
    }

    private String forgotten(Instant oldest) {
        String since = recent.firstsSince().map(first -> " since " + first).orElse("");
        return "it is older than " + oldest
                + ", since when all failures are kept, and was not among the first of its kind in"
                + " its second, which are kept" + since + " (" + recent.beyondFirsts() + " others were only counted), ";
    }
}
