package dev.weft.resources.apps;

import dev.weft.resources.Kind;
import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import dev.weft.resources.ResourceStore;
import dev.weft.resources.core.LabelSelector;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * How things stand with the pods of a PodDisruptionBudget, counted as Kubernetes counts.
 *
 * @param expected how many there should be
 * @param healthy how many are ready and not going
 * @param desired how many have to be healthy
 * @param failure why nothing can be said; empty otherwise
 */
public record DisruptionState(int expected, int healthy, int desired, String failure) {

    private static final String CONDITION = "DisruptionAllowed";

    /**
     * Counts.
     *
     * @param going names of pods that are about to be evicted
     */
    public static DisruptionState of(Resource budget, ResourceStore store, Set<String> going) {
        List<Resource> pods = store.list(Kinds.POD).stream()
                .filter(pod -> selects(budget, pod))
                .toList();
        int healthy = (int) pods.stream()
                .filter(pod -> isReady(pod) && !pod.deleting() && !going.contains(pod.name()))
                .count();
        JsonNode least = budget.at("/spec/minAvailable");
        JsonNode most = budget.at("/spec/maxUnavailable");
        if (least.isNumber()) {
            return new DisruptionState(pods.size(), healthy, least.asInt(0), "");
        }
        if (isNothing(least) && isNothing(most)) {
            return new DisruptionState(0, healthy, 0, "");
        }
        Scales scales = Scales.of(pods, store);
        int expected = scales.sum();
        int desired = isNothing(most)
                ? share(least, expected)
                : Math.max(0, expected - (most.isNumber() ? most.asInt(0) : share(most, expected)));
        return new DisruptionState(expected, healthy, desired, scales.failure());
    }

    /** Whether a budget is about a pod. */
    public static boolean selects(Resource budget, Resource pod) {
        JsonNode selector = budget.at("/spec/selector");
        return pod.namespace().equals(budget.namespace())
                && selector.isObject()
                && LabelSelector.matches(selector, pod.labels());
    }

    public static boolean isReady(Resource pod) {
        return pod.at("/status/conditions")
                .valueStream()
                .anyMatch(condition -> condition.path("type").asString("").equals("Ready")
                        && condition.path("status").asString("").equals("True"));
    }

    /** How many pods may be evicted. */
    public int allowed() {
        return failure.isEmpty() && expected > 0 ? Math.max(0, healthy - desired) : 0;
    }

    /** The budget's status that says so. */
    public ObjectNode status(Resource budget, Instant now) {
        ObjectNode status = JsonNodeFactory.instance.objectNode();
        status.put("observedGeneration", budget.generation());
        status.put("currentHealthy", healthy).put("desiredHealthy", desired);
        status.put("expectedPods", expected).put("disruptionsAllowed", allowed());
        String word = allowed() > 0 ? "True" : "False";
        ObjectNode condition = status.putArray("conditions").addObject();
        condition.put("type", CONDITION).put("status", word);
        condition.put(
                "reason", !failure.isEmpty() ? "SyncFailed" : allowed() > 0 ? "SufficientPods" : "InsufficientPods");
        condition.put("message", failure).put("observedGeneration", budget.generation());
        condition.put("lastTransitionTime", since(budget, word, now));
        return status;
    }

    private static String since(Resource budget, String word, Instant now) {
        return budget.at("/status/conditions")
                .valueStream()
                .filter(old -> old.path("type").asString("").equals(CONDITION)
                        && old.path("status").asString("").equals(word))
                .map(old -> old.path("lastTransitionTime").asString(""))
                .findFirst()
                .orElseGet(() -> now.truncatedTo(ChronoUnit.SECONDS).toString());
    }

    private static boolean isNothing(JsonNode node) {
        return node.isMissingNode() || node.isNull();
    }

    /** A percentage of the pods, rounded up. */
    private static int share(JsonNode percent, int of) {
        String text = percent.asString("0%");
        long number = text.matches("[0-9]{1,3}%") ? Long.parseLong(text, 0, text.length() - 1, 10) : 0;
        return Math.toIntExact((number * of + 99) / 100);
    }

    /** How many pods their controllers want; those without one do not count. */
    private record Scales(int sum, String failure) {

        static Scales of(List<Resource> pods, ResourceStore store) {
            Map<String, Integer> wanted = new LinkedHashMap<>();
            for (Resource pod : pods) {
                JsonNode reference = controller(pod);
                if (reference.isMissingNode()) {
                    continue;
                }
                if (!isOf(reference, Kinds.REPLICA_SET)) {
                    return new Scales(0, resource(reference) + " does not implement the scale subresource");
                }
                Optional<Resource> set = store.get(Kinds.REPLICA_SET.key(
                        pod.namespace(), reference.path("name").asString("")));
                Optional<Resource> deployment = set.map(Scales::controller)
                        .filter(owner -> isOf(owner, Kinds.DEPLOYMENT))
                        .flatMap(owner -> store.get(Kinds.DEPLOYMENT.key(
                                pod.namespace(), owner.path("name").asString(""))));
                deployment
                        .or(() -> set)
                        .ifPresent(owner -> wanted.put(
                                owner.uid(), owner.at("/spec/replicas").asInt(1)));
            }
            return new Scales(
                    wanted.values().stream().mapToInt(Integer::intValue).sum(), "");
        }

        private static JsonNode controller(Resource resource) {
            return resource.at("/metadata/ownerReferences")
                    .valueStream()
                    .filter(reference -> reference.path("controller").asBoolean(false))
                    .findFirst()
                    .orElseGet(MissingNode::getInstance);
        }

        private static boolean isOf(JsonNode reference, Kind kind) {
            return reference.path("kind").asString("").equals(kind.kind())
                    && reference.path("apiVersion").asString("").equals(kind.apiVersion());
        }

        /** {@code jobs.batch}, where the kind is known. */
        private static String resource(JsonNode reference) {
            String apiVersion = reference.path("apiVersion").asString("");
            String group = apiVersion.contains("/") ? apiVersion.substring(0, apiVersion.indexOf('/')) : "";
            String kind = reference.path("kind").asString("");
            return Kinds.find(group, kind).map(it -> it.plural() + "." + group).orElse(kind + "." + group);
        }
    }
}
