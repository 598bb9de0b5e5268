package dev.weft.resources.smi;

import dev.weft.resources.Kind;
import dev.weft.resources.reading.Quantity;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Where the versions of a kind have what they say, by way of the newest version. A body is a document without
 * {@code apiVersion}, {@code kind}, {@code metadata} and {@code status}; fields that no version knows stay where they are.
 */
final class Shapes {

    private static final String OLDEST = "v1alpha1";
    private static final List<String> TARGET = List.of("destination", "sources", "rules");

    private final String kind;

    Shapes(Kind kind) {
        this.kind = kind.kind();
    }

    /** A new body; what the version cannot say is not in it. */
    ObjectNode convert(ObjectNode body, String from, String to) {
        ObjectNode newest = body.deepCopy();
        ObjectNode spec = newest.path("spec") instanceof ObjectNode object ? object : newest;
        switch (kind) {
            case "TrafficSplit" -> {
                if (from.equals(OLDEST)) {
                    wholeWeights(spec.path("backends"));
                }
                if (atMost(to, 2)) {
                    spec.remove("matches");
                }
            }
            case "TrafficTarget" -> target(newest, from, to);
            case "HTTPRouteGroup" -> {
                if (atMost(from, 2)) {
                    below(newest, List.of("matches"));
                }
                if (atMost(to, 2)) {
                    above(newest, List.of("matches"));
                }
                if (to.equals(OLDEST)) {
                    newest.path("matches").forEach(match -> without(match, "headers"));
                }
            }
            case "TCPRoute" -> ports(newest, from, to);
            default -> {}
        }
        return newest;
    }

    /**
     * Puts back what a version does not have.
     *
     * @param original a body of the version that was converted to
     * @param converted a body of the same version, that was changed meanwhile
     * @param between the version that it was changed in
     */
    void restore(ObjectNode original, ObjectNode converted, String between) {
        switch (kind) {
            case "TrafficSplit" -> {
                if (atMost(between, 2)) {
                    fill(original.path("spec"), converted.path("spec"), "matches");
                }
            }
            case "TrafficTarget" -> {
                if (!atMost(between, 2)) {
                    fill(original.path("destination"), converted.path("destination"), "port");
                    fill(original.at("/spec/destination"), converted.at("/spec/destination"), "port");
                }
            }
            case "HTTPRouteGroup" -> {
                if (between.equals(OLDEST)) {
                    JsonNode old = matches(original);
                    matches(converted)
                            .forEach(match -> old.valueStream()
                                    .filter(it -> it.path("name").equals(match.path("name")))
                                    .findFirst()
                                    .ifPresent(it -> fill(it, match, "headers")));
                }
            }
            case "TCPRoute" -> {
                if (atMost(between, 3) && original.at("/spec/matches").isObject()) {
                    converted.withObject("/spec").set("matches", original.at("/spec/matches"));
                }
            }
            default -> {}
        }
    }

    private static void target(ObjectNode body, String from, String to) {
        if (from.equals(OLDEST)) {
            rename(body, "specs", "rules");
            below(body, TARGET);
        }
        if (atMost(from, 2) && !atMost(to, 2)) {
            without(body.at("/spec/destination"), "port");
        }
        if (to.equals(OLDEST)) {
            above(body, TARGET);
            rename(body, "rules", "specs");
        }
    }

    /** Before v1alpha4 a route is of every port. */
    private static void ports(ObjectNode body, String from, String to) {
        if (atMost(from, 3) && (!body.has("spec") || body.path("spec").isEmpty())) {
            body.withObject("/spec").putObject("matches").putArray("ports");
        }
        if (atMost(to, 2)) {
            body.remove("spec");
        } else if (atMost(to, 3)) {
            without(body.path("spec"), "matches");
        }
    }

    /** Weights as whole numbers in the same proportions: in thousandths as soon as one of them needs it. */
    private static void wholeWeights(JsonNode backends) {
        List<Long> millis = new ArrayList<>();
        for (JsonNode backend : backends) {
            JsonNode weight = backend.path("weight");
            Optional<Long> amount =
                    weight.isNumber() || weight.isString() ? Quantity.millis(weight.asString()) : Optional.empty();
            if (amount.isEmpty() || amount.get() < 0 || amount.get() > Integer.MAX_VALUE) {
                return; // whoever reads it says what is wrong
            }
            millis.add(amount.get());
        }
        long unit = millis.stream().allMatch(weight -> weight % 1_000 == 0) ? 1_000 : 1;
        int index = 0;
        for (JsonNode backend : backends) {
            ((ObjectNode) backend).put("weight", Math.toIntExact(millis.get(index++) / unit));
        }
    }

    private static void below(ObjectNode body, List<String> names) {
        for (String name : names) {
            JsonNode spec = body.path("spec");
            boolean free = spec.isMissingNode() || (spec.isObject() && !spec.has(name));
            if (body.has(name) && free) {
                body.withObject("/spec").set(name, body.remove(name));
            }
        }
    }

    private static void above(ObjectNode body, List<String> names) {
        if (!(body.path("spec") instanceof ObjectNode spec)) {
            return;
        }
        for (String name : names) {
            if (spec.has(name) && !body.has(name)) {
                body.set(name, spec.remove(name));
            }
        }
        if (spec.isEmpty()) {
            body.remove("spec");
        }
    }

    private static JsonNode matches(ObjectNode body) {
        return body.has("matches") ? body.path("matches") : body.at("/spec/matches");
    }

    private static void rename(ObjectNode object, String from, String to) {
        if (object.has(from) && !object.has(to)) {
            object.set(to, object.remove(from));
        }
    }

    private static void without(JsonNode node, String name) {
        if (node instanceof ObjectNode object) {
            object.remove(name);
        }
    }

    private static void fill(JsonNode from, JsonNode into, String name) {
        if (into instanceof ObjectNode object && from.has(name) && !into.has(name)) {
            object.set(name, from.get(name));
        }
    }

    /** Whether a version is v1alphaN or older. */
    private static boolean atMost(String version, int n) {
        return version.charAt(version.length() - 1) - '0' <= n;
    }
}
