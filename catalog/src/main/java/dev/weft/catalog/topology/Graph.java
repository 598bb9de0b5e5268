package dev.weft.catalog.topology;

import java.util.List;

/** The map's contents, both lists in a stable order. */
public record Graph(List<Node> nodes, List<Link> links) {

    public Graph {
        nodes = List.copyOf(nodes);
        links = List.copyOf(links);
    }
}
