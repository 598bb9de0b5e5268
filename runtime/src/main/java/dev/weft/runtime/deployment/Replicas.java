package dev.weft.runtime.deployment;

import dev.weft.resources.Resource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * How many pods of one template there are.
 *
 * @param available how many have been ready for {@code minReadySeconds}
 * @param untilAvailable how long until the next of the ready ones is; zero when none is waited for
 */
record Replicas(int total, int ready, int available, Duration untilAvailable) {

    static final Replicas NONE = new Replicas(0, 0, 0, Duration.ZERO);

    static Replicas count(List<Resource> pods, Duration minReady, Instant now) {
        int ready = 0;
        int available = 0;
        Duration next = Duration.ZERO;
        for (Resource pod : pods) {
            if (!ready(pod)) {
                continue;
            }
            ready++;
            Duration left = minReady.isZero() ? Duration.ZERO : left(condition(pod), minReady, now);
            if (left.isZero()) {
                available++;
            } else if (next.isZero() || left.compareTo(next) < 0) {
                next = left;
            }
        }
        return new Replicas(pods.size(), ready, available, next);
    }

    static boolean ready(Resource pod) {
        return condition(pod).path("status").asString("").equals("True");
    }

    private static Duration left(JsonNode condition, Duration minReady, Instant now) {
        String since = condition.path("lastTransitionTime").asString("");
        Duration left = since.isEmpty()
                ? minReady
                : Duration.between(now, Instant.parse(since).plus(minReady));
        return left.isNegative() ? Duration.ZERO : left;
    }

    private static JsonNode condition(Resource pod) {
        for (JsonNode condition : pod.at("/status/conditions")) {
            if (condition.path("type").asString("").equals("Ready")) {
                return condition;
            }
        }
        return MissingNode.getInstance();
    }
}
