package dev.weft.cli.platform;

import dev.weft.model.traffic.Backend;
import dev.weft.model.traffic.Frontend;
import dev.weft.model.traffic.HeaderMatch;
import dev.weft.model.traffic.Match;
import dev.weft.model.traffic.PathMatch;
import dev.weft.model.traffic.Rule;
import dev.weft.model.traffic.ServicePort;
import dev.weft.model.traffic.Snapshot;
import dev.weft.model.traffic.WeightedBackend;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The rules of a snapshot, for {@code weft routes}. */
final class Routes {

    private Routes() {}

    static ObjectNode of(Snapshot snapshot) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("version", snapshot.version());
        ArrayNode edge = json.putArray("edge");
        snapshot.edgeFrontends().forEach(frontend -> edge.add(frontend(frontend)));
        ArrayNode mesh = json.putArray("mesh");
        snapshot.meshFrontends().entrySet().stream()
                .sorted(Map.Entry.comparingByKey(Comparator.comparing(ServicePort::toString)))
                .forEach(entry -> mesh.add(
                        frontend(entry.getValue()).put("service", entry.getKey().toString())));
        return json;
    }

    private static ObjectNode frontend(Frontend frontend) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("name", frontend.name());
        json.put("source", frontend.source().toString());
        ArrayNode hosts = json.putArray("hosts");
        frontend.hosts().forEach(hosts::add);
        ArrayNode rules = json.putArray("rules");
        frontend.rules().forEach(rule -> rules.add(rule(rule)));
        return json;
    }

    private static ObjectNode rule(Rule rule) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("name", rule.name());
        json.put("source", rule.source().toString());
        ArrayNode matches = json.putArray("matches");
        rule.matches().forEach(match -> matches.add(text(match)));
        ArrayNode backends = json.putArray("backends");
        for (WeightedBackend weighted : rule.backends()) {
            backends.addObject().put("backend", text(weighted.backend())).put("weight", weighted.weight());
        }
        json.put("timeout", rule.timeouts().request().toString());
        return json;
    }

    private static String text(Backend backend) {
        return switch (backend) {
            case Backend.Service service -> service.servicePort().toString();
            case Backend.Delegate delegate -> delegate.servicePort().toString();
            case Backend.Invalid invalid -> invalid.name() + " (" + invalid.reason() + ")";
        };
    }

    private static String text(Match match) {
        String methods = match.methods().isEmpty()
                ? ""
                : String.join(",", match.methods().stream().sorted().toList()) + " ";
        String headers =
                match.headers().stream().map(header -> " " + text(header)).collect(Collectors.joining());
        return methods + text(match.path()) + headers;
    }

    private static String text(PathMatch path) {
        return switch (path) {
            case PathMatch.Exact exact -> "=" + exact.path();
            case PathMatch.Prefix prefix -> prefix.prefix() + "*";
            case PathMatch.ElementPrefix prefix -> prefix.prefix() + "/*";
            case PathMatch.Regex regex -> "~" + regex.expression();
        };
    }

    private static String text(HeaderMatch header) {
        return switch (header) {
            case HeaderMatch.Exact exact -> exact.name() + "=" + exact.value();
            case HeaderMatch.Regex regex -> regex.name() + "~" + regex.expression();
            case HeaderMatch.Present present -> present.name();
        };
    }
}
