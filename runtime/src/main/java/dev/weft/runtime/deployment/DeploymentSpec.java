package dev.weft.runtime.deployment;

import dev.weft.resources.Resource;
import dev.weft.runtime.deployment.RollingPlan.Strategy;
import java.time.Duration;
import tools.jackson.databind.JsonNode;

/**
 * What a Deployment asks for, with Kubernetes' defaults.
 *
 * @param historyMax how many ReplicaSets of older templates are kept
 */
record DeploymentSpec(
        int replicas,
        Strategy strategy,
        Duration progressDeadline,
        boolean paused,
        int historyMax,
        JsonNode template,
        String templateHash) {

    static DeploymentSpec read(Resource deployment) {
        JsonNode spec = deployment.at("/spec");
        int replicas = spec.path("replicas").asInt(1);
        JsonNode template = spec.path("template");
        return new DeploymentSpec(
                replicas,
                strategy(spec.path("strategy"), replicas),
                Duration.ofSeconds(
                        Math.clamp(spec.path("progressDeadlineSeconds").asLong(600), 1, Integer.MAX_VALUE)),
                spec.path("paused").asBoolean(false),
                spec.path("revisionHistoryLimit").asInt(10),
                template,
                TemplateHash.of(template, DeploymentStatus.collisions(deployment)));
    }

    private static Strategy strategy(JsonNode strategy, int replicas) {
        if (strategy.path("type").asString("RollingUpdate").equals("Recreate")) {
            return new Strategy.Recreate();
        }
        JsonNode rolling = strategy.path("rollingUpdate");
        int surge = (int) Math.ceil(count(rolling.path("maxSurge"), replicas));
        int unavailable = (int) Math.floor(count(rolling.path("maxUnavailable"), replicas));
        return new Strategy.RollingUpdate(surge == 0 && unavailable == 0 ? 1 : surge, unavailable);
    }

    /** A number of pods or a percentage of the replicas; 25% when it is not given. */
    private static double count(JsonNode value, int replicas) {
        if (value.isNumber()) {
            return value.asInt();
        }
        String text = value.asString("25%");
        return text.matches("[0-9]{1,3}%") ? Integer.parseInt(text, 0, text.length() - 1, 10) * replicas / 100.0 : 0;
    }
}
