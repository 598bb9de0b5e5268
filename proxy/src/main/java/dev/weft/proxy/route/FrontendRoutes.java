package dev.weft.proxy.route;

import dev.weft.model.traffic.Frontend;
import dev.weft.model.traffic.Match;
import dev.weft.model.traffic.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/** One frontend, with its rules indexed. Immutable but for the turns of its splits, which each loop owns. */
public final class FrontendRoutes {

    private final Frontend frontend;
    private final List<Route> routes;
    private final PathTrie trie;

    FrontendRoutes(Frontend frontend, int loops, RandomGenerator random) {
        this.frontend = frontend;
        this.routes = frontend.rules().stream()
                .map(rule -> new Route(frontend, rule, loops, random))
                .toList();
        List<PathTrie.Entry> entries = new ArrayList<>();
        for (int i = 0; i < routes.size(); i++) {
            for (Match match : alternatives(routes.get(i).rule())) {
                entries.add(new PathTrie.Entry(i, HeadCondition.of(match)));
            }
        }
        this.trie = new PathTrie(entries);
    }

    public Frontend frontend() {
        return frontend;
    }

    /** The first rule that matches. */
    public Optional<Route> route(HeadView head) {
        int ordinal = trie.find(head);
        return ordinal < 0 ? Optional.empty() : routes.get(ordinal).found();
    }

    /** The first rule that asks nothing of a request: the one for opaque streams. */
    Optional<Route> streamRoute() {
        return routes.stream()
                .filter(route -> alternatives(route.rule()).contains(Match.EVERYTHING))
                .findFirst();
    }

    /**
     * The rules before the one that matches, or all of them, each with the condition that failed.
     *
     * @param countMax how many of them, the first: every failure asks, and there may be thousands
     */
    public List<NearMiss> nearMisses(HeadView head, int countMax) {
        int matched = trie.find(head);
        return routes.subList(0, Math.min(countMax, matched < 0 ? routes.size() : matched)).stream()
                .map(route -> nearMiss(route.rule(), head))
                .toList();
    }

    private static NearMiss nearMiss(Rule rule, HeadView head) {
        String reason = alternatives(rule).stream()
                .map(match -> HeadCondition.of(match).failure(head))
                .flatMap(Optional::stream)
                .collect(Collectors.joining("; "));
        return new NearMiss(rule.name(), rule.source().toString(), reason);
    }

    private static List<Match> alternatives(Rule rule) {
        return rule.matches().isEmpty() ? List.of(Match.EVERYTHING) : rule.matches();
    }
}
