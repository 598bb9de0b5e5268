package dev.weft.catalog.topology;

import dev.weft.catalog.metrics.Golden;
import dev.weft.catalog.query.QueryJson;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The map as JSON with places, as DOT (Graphviz), and as plain text. */
public final class TopologyText {

    private TopologyText() {}

    /** With {@code placed} being the graph's layout. */
    public static ObjectNode json(Graph graph, Layout.Placed placed) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("width", placed.width()).put("height", placed.height());
        json.put("nodeWidth", Layout.NODE_WIDTH).put("nodeHeight", Layout.NODE_HEIGHT);
        ArrayNode nodes = json.putArray("nodes");
        for (Node node : graph.nodes()) {
            Layout.Point at = placed.nodes().getOrDefault(node.id(), new Layout.Point(0, 0));
            ObjectNode one = nodes.addObject()
                    .put("id", node.id())
                    .put("type", word(node.type()))
                    .put("namespace", node.namespace())
                    .put("name", node.name())
                    .put("ready", node.ready())
                    .put("wanted", node.wanted())
                    .put("identity", node.identity())
                    .put("x", at.x())
                    .put("y", at.y());
            QueryJson.golden(one, node.golden());
        }
        ArrayNode links = json.putArray("links");
        for (Link link : graph.links()) {
            ObjectNode one = links.addObject().put("from", link.from()).put("to", link.to());
            link.weight().ifPresent(weight -> one.put("weight", weight));
            one.put("declared", link.declared())
                    .put("observed", link.observed())
                    .put("security", word(link.security()));
            ArrayNode clients = one.putArray("clientIds");
            new TreeSet<>(link.clientIds()).forEach(clients::add);
            ArrayNode servers = one.putArray("serverIds");
            new TreeSet<>(link.serverIds()).forEach(servers::add);
            ArrayNode passes = one.putArray("passes");
            placed.passes()
                    .getOrDefault(link.from() + "\n" + link.to(), List.of())
                    .forEach(point -> passes.addArray().add(point.x()).add(point.y()));
            QueryJson.golden(one, link.golden()).put("refused", link.refused());
        }
        return json;
    }

    public static String dot(Graph graph) {
        StringBuilder dot = new StringBuilder("digraph weft {\n  rankdir=LR;\n  node [shape=box, style=rounded];\n");
        for (Node node : graph.nodes()) {
            String shape = node.type() == Node.Type.SERVICE ? ", shape=ellipse" : "";
            dot.append("  \"")
                    .append(node.id())
                    .append("\" [label=\"")
                    .append(label(node))
                    .append('"');
            dot.append(shape).append("];\n");
        }
        for (Link link : graph.links()) {
            String style = link.observed() ? "" : ", style=dashed";
            dot.append("  \"")
                    .append(link.from())
                    .append("\" -> \"")
                    .append(link.to())
                    .append("\" [label=\"");
            dot.append(numbers(link)).append('"').append(style).append("];\n");
        }
        return dot.append("}\n").toString();
    }

    /** One line for each link. */
    public static String text(Graph graph) {
        StringBuilder text = new StringBuilder();
        for (Link link : graph.links()) {
            text.append(String.format(
                    Locale.ROOT, "%s -> %s  %s  %s%n", link.from(), link.to(), word(link.security()), numbers(link)));
        }
        return text.toString();
    }

    private static String label(Node node) {
        String pods = node.type() == Node.Type.WORKLOAD || node.type() == Node.Type.REVISION
                ? "\\n" + node.ready() + "/" + node.wanted() + " pods"
                : "";
        return node.name() + pods;
    }

    private static String numbers(Link link) {
        Golden golden = link.golden();
        String share = link.weight()
                .map(weight -> String.format(Locale.ROOT, "%.0f %% ", weight * 100))
                .orElse("");
        if (golden.requests() == 0) {
            return share + "no traffic";
        }
        return share
                + String.format(
                        Locale.ROOT,
                        "%.2f %% good, %.1f/s, p99 %.1f ms",
                        golden.successRate().orElse(0.0) * 100,
                        golden.requestsPerSecond(),
                        golden.latencyMillis(0.99).orElse(0));
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
