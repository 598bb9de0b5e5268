package dev.weft.model.traffic;

import dev.weft.model.problem.ResourceReference;
import java.util.List;

/**
 * A name that requests are addressed to, with the rules for them.
 *
 * @param name for tables and metrics, for example {@code hello.default.example.com}
 * @param hosts exact hosts without port, lower case, or {@code *.suffix}, or {@code *}
 * @param rules in order; the first that matches decides; none matching is an answer of 404
 */
public record Frontend(String name, ResourceReference source, List<String> hosts, List<Rule> rules) {

    public Frontend {
        hosts = List.copyOf(hosts);
        rules = List.copyOf(rules);
    }
}
