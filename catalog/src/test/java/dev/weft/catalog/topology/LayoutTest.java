package dev.weft.catalog.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.catalog.metrics.Golden;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class LayoutTest {

    @Test
    void theSameGraphIsPlacedTheSameWhateverOrderItComesIn() {
        Graph graph = random(40, 80, 3);
        List<Node> nodes = new ArrayList<>(graph.nodes());
        List<Link> links = new ArrayList<>(graph.links());
        Layout.Placed first = Layout.of(graph);

        Collections.shuffle(nodes, new Random(1));
        Collections.shuffle(links, new Random(1));

        assertThat(Layout.of(new Graph(nodes, links)).nodes()).isEqualTo(first.nodes());
    }

    @Test
    void nodesNeverOverlap() {
        for (int seed = 0; seed < 20; seed++) {
            List<Layout.Point> points =
                    List.copyOf(Layout.of(random(30, 50, seed)).nodes().values());
            for (int i = 0; i < points.size(); i++) {
                for (int j = i + 1; j < points.size(); j++) {
                    boolean apart = points.get(i).x() != points.get(j).x()
                            || Math.abs(points.get(i).y() - points.get(j).y()) >= Layout.NODE_HEIGHT;
                    assertThat(apart).as("seed " + seed).isTrue();
                }
            }
        }
    }

    @Test
    void callersStandLeftOfWhomTheyCallAndACycleEndsSomewhere() {
        Map<String, Layout.Point> places =
                Layout.of(graph("a>b", "b>c", "c>b", "a>c", "c>d")).nodes();

        assertThat(x(places, "a")).isLessThan(x(places, "b"));
        assertThat(x(places, "b")).isLessThan(x(places, "c"));
        assertThat(x(places, "c")).isLessThan(x(places, "d"));
    }

    @Test
    void aLongLinkGetsAPlaceToPassInEachLayerBetween() {
        assertThat(Layout.of(graph("a>b", "b>c", "c>d", "a>d")).passes().get("a\nd"))
                .hasSize(2);
    }

    @Test
    void fiveHundredServicesArePlacedInTime() {
        long start = System.nanoTime();
        Layout.of(random(500, 2_000, 9));

        assertThat(System.nanoTime() - start).as("far from hanging").isLessThan(20_000_000_000L);
    }

    private static int x(Map<String, Layout.Point> places, String id) {
        return java.util.Objects.requireNonNull(places.get(id)).x();
    }

    private static Graph random(int nodes, int links, int seed) {
        Random random = new Random(seed);
        String[] names = new String[links];
        for (int i = 0; i < links; i++) {
            names[i] = "n" + random.nextInt(nodes) + ">n" + random.nextInt(nodes);
        }
        return graph(names);
    }

    private static Graph graph(String... arrows) {
        Set<String> ids = new java.util.TreeSet<>();
        Map<String, Link> links = new java.util.TreeMap<>();
        for (String arrow : arrows) {
            List<String> ends = List.of(arrow.split(">", -1));
            ids.addAll(ends);
            if (!ends.get(0).equals(ends.get(1))) {
                links.put(arrow, link(ends.get(0), ends.get(1)));
            }
        }
        List<Node> nodes = ids.stream()
                .map(id -> new Node(id, Node.Type.SERVICE, "default", id, 0, 0, "", Golden.none(1)))
                .toList();
        return new Graph(nodes, List.copyOf(links.values()));
    }

    private static Link link(String from, String to) {
        return new Link(
                from, to, Optional.empty(), true, true, Link.Security.TLS, Set.of(), Set.of(), Golden.none(1), 0);
    }
}
