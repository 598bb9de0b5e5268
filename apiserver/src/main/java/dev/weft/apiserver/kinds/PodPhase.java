package dev.weft.apiserver.kinds;

import dev.weft.resources.Resource;
import java.time.Instant;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** The word in a pod's STATUS column: the most telling of its phase and its containers' states. */
final class PodPhase {

    private PodPhase() {}

    static String of(Resource pod) {
        if (pod.deleting()) {
            return "Terminating";
        }
        String word = pod.at("/status/reason").asString(pod.at("/status/phase").asString("Pending"));
        for (JsonNode container : pod.at("/status/containerStatuses")) {
            JsonNode state = container.path("state");
            String waiting = state.path("waiting").path("reason").asString("");
            String terminated = state.path("terminated").path("reason").asString("");
            if (!waiting.isEmpty()) {
                word = waiting;
            } else if (!terminated.isEmpty()) {
                word = terminated;
            }
        }
        return word;
    }

    /** {@code 3 (5m ago)}, or {@code 0}. */
    static JsonNode restarts(Resource pod, Instant now) {
        long restarts = 0;
        String last = "";
        for (JsonNode container : pod.at("/status/containerStatuses")) {
            restarts += container.path("restartCount").asLong(0);
            String finished = container.at("/lastState/terminated/finishedAt").asString("");
            last = finished.compareTo(last) > 0 ? finished : last;
        }
        String when = restarts == 0 || last.isEmpty() ? "" : " (" + Age.since(last, now) + " ago)";
        return JsonNodeFactory.instance.stringNode(restarts + when);
    }
}
