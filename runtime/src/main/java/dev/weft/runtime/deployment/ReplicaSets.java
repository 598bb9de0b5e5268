package dev.weft.runtime.deployment;

import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import dev.weft.resources.ResourceStore;
import dev.weft.runtime.pod.Events;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Brings the pods of one ReplicaSet to the number that it asks for, and keeps its status. */
final class ReplicaSets {

    /** Those that do least go first: unready before ready, young before old. */
    private static final Comparator<Resource> LEAST_USEFUL_FIRST = Comparator.<Resource, Boolean>comparing(
                    Replicas::ready)
            .thenComparing(pod -> pod.at("/metadata/creationTimestamp").asString(""), Comparator.reverseOrder())
            .thenComparing(Resource::name);

    private final ResourceStore store;
    private final NewPods newPods;
    private final InstantSource clock;
    private final Events events;

    ReplicaSets(ResourceStore store, NewPods newPods, InstantSource clock, Events events) {
        this.store = store;
        this.newPods = newPods;
        this.clock = clock;
        this.events = events;
    }

    /** The pods that count for the set: those that end or have ended do not. */
    List<Resource> pods(Resource set) {
        return Controllers.claim(store, set, Kinds.POD).stream()
                .filter(pod -> !pod.deleting() && !over(pod))
                .toList();
    }

    Replicas count(Resource set) {
        return idle(set) ? Replicas.NONE : count(set, pods(set));
    }

    /** One step, which is enough unless pods change meanwhile. */
    Replicas bring(Resource set) {
        if (idle(set)) {
            return Replicas.NONE;
        }
        List<Resource> pods = new ArrayList<>(pods(set));
        int wanted = set.at("/spec/replicas").asInt(1);
        while (pods.size() < wanted) {
            pods.add(newPods.create(set, Map.of()));
        }
        List<Resource> going = pods.stream()
                .sorted(LEAST_USEFUL_FIRST)
                .limit(Math.max(0, pods.size() - wanted))
                .toList();
        going.forEach(pod -> store.delete(pod.key()));
        pods.removeAll(going);
        going.forEach(pod -> events.normal(set, "SuccessfulDelete", "Deleted pod: " + pod.name()));
        Replicas counted = count(set, pods);
        store.updateStatus(set.key(), status(set, counted));
        return counted;
    }

    /** Nothing is wanted and nothing was left: most sets of a long history. */
    private static boolean idle(Resource set) {
        return set.at("/spec/replicas").asInt(1) == 0
                && set.at("/status/replicas").asInt(-1) == 0
                && set.at("/status/observedGeneration").asLong(0) == set.generation();
    }

    static boolean over(Resource pod) {
        String phase = pod.at("/status/phase").asString("");
        return phase.equals("Succeeded") || phase.equals("Failed");
    }

    private Replicas count(Resource set, List<Resource> pods) {
        Duration minReady = Duration.ofSeconds(set.at("/spec/minReadySeconds").asInt(0));
        return Replicas.count(pods, minReady, clock.instant());
    }

    private static ObjectNode status(Resource set, Replicas counted) {
        ObjectNode status = JsonNodeFactory.instance.objectNode();
        status.put("observedGeneration", set.generation());
        status.put("replicas", counted.total());
        status.put("fullyLabeledReplicas", counted.total());
        status.put("readyReplicas", counted.ready());
        status.put("availableReplicas", counted.available());
        return status;
    }

    /** How many pods the sets have, ending ones too. */
    int existing(List<Resource> sets) {
        int existing = 0;
        for (Resource pod : store.list(Kinds.POD)) {
            JsonNode uid = Controllers.of(pod).path("uid");
            existing += sets.stream().anyMatch(set -> set.uid().equals(uid.asString(""))) && !over(pod) ? 1 : 0;
        }
        return existing;
    }
}
