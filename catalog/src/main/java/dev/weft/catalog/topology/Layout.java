package dev.weft.catalog.topology;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Places a graph in layers from left to right (Sugiyama's method): cycles are broken, every node stands right of all that
 * call it, long links get a place to pass in each layer between, the order within layers is improved by barycentres, and
 * nodes move towards their neighbours. Depends on the ids and links alone, so the same graph is placed the same
 * everywhere.
 */
public final class Layout {

    public static final int NODE_WIDTH = 190;
    public static final int NODE_HEIGHT = 84;

    private static final int LAYER_GAP = 90;
    private static final int NODE_GAP = 34;
    private static final int PASS_HEIGHT = 26;
    private static final int SWEEPS = 12;

    /** One point; of a node, its left upper corner. */
    public record Point(int x, int y) {}

    /**
     * Where everything is.
     *
     * @param nodes by id
     * @param passes by {@code from + "\n" + to}, points that a link goes through between its ends
     */
    public record Placed(Map<String, Point> nodes, Map<String, List<Point>> passes, int width, int height) {

        public Placed {
            nodes = Map.copyOf(nodes);
            passes = Map.copyOf(passes);
        }
    }

    /** A node, or the place where a long link passes a layer. */
    private static final class Spot {
        private final String id;
        private final int layer;
        private final int height;
        private final List<Spot> before = new ArrayList<>();
        private final List<Spot> after = new ArrayList<>();
        private double order;
        private double y;

        Spot(String id, int layer, int height) {
            this.id = id;
            this.layer = layer;
            this.height = height;
        }
    }

    private final Map<String, Set<String>> forward = new TreeMap<>();
    private final Map<String, Spot> spots = new LinkedHashMap<>();
    private final Map<String, List<Spot>> passing = new HashMap<>();
    private final List<List<Spot>> layers = new ArrayList<>();

    private Layout() {}

    public static Placed of(Graph graph) {
        Layout layout = new Layout();
        graph.nodes().forEach(node -> layout.forward.put(node.id(), new TreeSet<>()));
        Set<String> backward = layout.breakCycles(graph.links());
        layout.assignLayers();
        layout.connect(graph.links(), backward);
        layout.orderLayers();
        layout.settle();
        return layout.placed();
    }

    /** Keeps links in {@code forward} unless they lead back to where they came from; those are returned. */
    private Set<String> breakCycles(List<Link> links) {
        Map<String, Set<String>> all = new TreeMap<>();
        links.forEach(
                link -> all.computeIfAbsent(link.from(), any -> new TreeSet<>()).add(link.to()));
        Set<String> called = new HashSet<>();
        links.forEach(link -> called.add(link.to()));
        List<String> starts = new ArrayList<>(forward.keySet());
        starts.sort(Comparator.comparing((String id) -> called.contains(id)).thenComparing(id -> id));
        Set<String> backward = new HashSet<>();
        Set<String> done = new HashSet<>();
        starts.forEach(start -> visit(start, all, new HashSet<>(), done, backward));
        return backward;
    }

    private void visit(
            String id, Map<String, Set<String>> all, Set<String> path, Set<String> done, Set<String> backward) {
        if (!done.add(id)) {
            return;
        }
        path.add(id);
        for (String next : all.getOrDefault(id, Set.of())) {
            if (path.contains(next)) {
                backward.add(id + "\n" + next);
            } else {
                forward.getOrDefault(id, new TreeSet<>()).add(next);
                visit(next, all, path, done, backward);
            }
        }
        path.remove(id);
    }

    private void assignLayers() {
        Map<String, Integer> layer = new HashMap<>();
        forward.keySet().forEach(id -> layer.put(id, 0));
        for (boolean moved = true; moved; ) {
            moved = false;
            for (Map.Entry<String, Set<String>> entry : forward.entrySet()) {
                for (String to : entry.getValue()) {
                    int least = layer.getOrDefault(entry.getKey(), 0) + 1;
                    if (layer.getOrDefault(to, 0) < least) {
                        layer.put(to, least);
                        moved = true;
                    }
                }
            }
        }
        forward.keySet().forEach(id -> add(new Spot(id, layer.getOrDefault(id, 0), NODE_HEIGHT)));
    }

    private void connect(List<Link> links, Set<String> backward) {
        for (Link link : links) {
            String key = link.from() + "\n" + link.to();
            Spot from = spots.get(link.from());
            Spot to = spots.get(link.to());
            if (backward.contains(key) || from == null || to == null) {
                continue;
            }
            List<Spot> passes = new ArrayList<>();
            Spot last = from;
            for (int layer = from.layer + 1; layer < to.layer; layer++) {
                Spot pass = new Spot(key + "\n" + layer, layer, PASS_HEIGHT);
                add(pass);
                passes.add(pass);
                join(last, pass);
                last = pass;
            }
            join(last, to);
            passing.put(key, passes);
        }
    }

    private void add(Spot spot) {
        spots.put(spot.id, spot);
        while (layers.size() <= spot.layer) {
            layers.add(new ArrayList<>());
        }
        spot.order = layers.get(spot.layer).size();
        layers.get(spot.layer).add(spot);
    }

    private static void join(Spot left, Spot right) {
        left.after.add(right);
        right.before.add(left);
    }

    private void orderLayers() {
        for (int sweep = 0; sweep < SWEEPS; sweep++) {
            boolean toTheRight = sweep % 2 == 0;
            for (int i = 0; i < layers.size(); i++) {
                List<Spot> layer = layers.get(toTheRight ? i : layers.size() - 1 - i);
                Map<Spot, Double> barycentre = new HashMap<>();
                for (Spot spot : layer) {
                    barycentre.put(
                            spot,
                            (toTheRight ? spot.before : spot.after)
                                    .stream()
                                            .mapToDouble(neighbour -> neighbour.order)
                                            .average()
                                            .orElse(spot.order));
                }
                layer.sort(Comparator.comparing((Spot spot) -> barycentre.getOrDefault(spot, 0.0))
                        .thenComparing(spot -> spot.id));
                for (int place = 0; place < layer.size(); place++) {
                    layer.get(place).order = place;
                }
            }
        }
    }

    /** Moves each layer's spots towards their neighbours, keeping order and gaps. */
    private void settle() {
        layers.forEach(layer -> spread(layer, new double[layer.size()]));
        for (int sweep = 0; sweep < SWEEPS; sweep++) {
            boolean toTheRight = sweep % 2 == 0;
            for (int i = 0; i < layers.size(); i++) {
                List<Spot> layer = layers.get(toTheRight ? i : layers.size() - 1 - i);
                double[] wished = new double[layer.size()];
                for (int place = 0; place < wished.length; place++) {
                    Spot spot = layer.get(place);
                    List<Spot> neighbours = toTheRight ? spot.before : spot.after;
                    wished[place] = neighbours.stream()
                            .mapToDouble(neighbour -> neighbour.y)
                            .average()
                            .orElse(spot.y);
                }
                spread(layer, wished);
            }
        }
    }

    /** Centres at the wished heights, pushed apart where they would overlap, and then moved back together. */
    private static void spread(List<Spot> layer, double[] wished) {
        double off = 0;
        for (int place = 0; place < layer.size(); place++) {
            Spot spot = layer.get(place);
            double least = place == 0 ? Double.NEGATIVE_INFINITY : below(layer.get(place - 1), spot);
            spot.y = Math.max(wished[place], least);
            off += spot.y - wished[place];
        }
        double mean = layer.isEmpty() ? 0 : off / layer.size();
        layer.forEach(spot -> spot.y -= mean);
    }

    private static double below(Spot upper, Spot lower) {
        return upper.y + (upper.height + lower.height) / 2.0 + NODE_GAP;
    }

    private Placed placed() {
        double top = spots.values().stream()
                .mapToDouble(spot -> spot.y - spot.height / 2.0)
                .min()
                .orElse(0);
        double bottom = spots.values().stream()
                .mapToDouble(spot -> spot.y + spot.height / 2.0)
                .max()
                .orElse(0);
        Map<String, Point> nodes = new TreeMap<>();
        forward.keySet().forEach(id -> {
            Spot spot = spots.get(id);
            if (spot != null) {
                nodes.put(id, new Point(x(spot), (int) Math.round(spot.y - NODE_HEIGHT / 2.0 - top)));
            }
        });
        Map<String, List<Point>> passes = new TreeMap<>();
        passing.forEach((key, through) -> passes.put(
                key,
                through.stream()
                        .map(spot -> new Point(x(spot) + NODE_WIDTH / 2, (int) Math.round(spot.y - top)))
                        .toList()));
        int width = layers.size() * (NODE_WIDTH + LAYER_GAP) - LAYER_GAP;
        return new Placed(nodes, passes, Math.max(0, width), (int) Math.round(bottom - top));
    }

    private static int x(Spot spot) {
        return spot.layer * (NODE_WIDTH + LAYER_GAP);
    }
}
