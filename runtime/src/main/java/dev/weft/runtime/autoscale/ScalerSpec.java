package dev.weft.runtime.autoscale;

import dev.weft.resources.Resource;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** What an autoscaler asks for, with Kubernetes' defaults (autoscaling/v2). */
record ScalerSpec(
        String targetApiVersion,
        String targetKind,
        String targetName,
        int least,
        int most,
        List<Metric> metrics,
        Pace up,
        Pace down) {

    private static final Pace UP =
            new Pace(0, true, true, List.of(new Policy(false, 4, 15), new Policy(true, 100, 15)));
    private static final Pace DOWN = new Pace(300, true, true, List.of(new Policy(true, 100, 15)));
    private static final Metric CPU = new Metric("Resource", "cpu", "", 80, 0);

    /**
     * One measure.
     *
     * @param type {@code Resource}, or another that nothing measures here
     * @param container empty for all of a pod's
     * @param utilization percent of what the containers request; 0 where {@code average} says it
     * @param average thousandths for each pod
     */
    record Metric(String type, String name, String container, int utilization, long average) {
        boolean measured() {
            boolean resource = type.equals("Resource") || type.equals("ContainerResource");
            return resource && (name.equals("cpu") || name.equals("memory"));
        }
    }

    /** @param widest whether of several policies the one that allows the most counts; {@code allowed} false for none */
    record Pace(int windowSeconds, boolean allowed, boolean widest, List<Policy> policies) {}

    /** @param percent whether the value is a part of the pods there are */
    record Policy(boolean percent, int value, int periodSeconds) {}

    static ScalerSpec read(Resource scaler) {
        JsonNode spec = scaler.at("/spec");
        JsonNode target = spec.path("scaleTargetRef");
        List<Metric> metrics =
                spec.path("metrics").valueStream().map(ScalerSpec::metric).toList();
        return new ScalerSpec(
                target.path("apiVersion").asString("apps/v1"),
                target.path("kind").asString(""),
                target.path("name").asString(""),
                spec.path("minReplicas").asInt(1),
                spec.path("maxReplicas").asInt(1),
                metrics.isEmpty() ? List.of(CPU) : metrics,
                pace(spec.at("/behavior/scaleUp"), UP),
                pace(spec.at("/behavior/scaleDown"), DOWN));
    }

    private static Metric metric(JsonNode metric) {
        String type = metric.path("type").asString("");
        JsonNode body = metric.path(type.equals("ContainerResource") ? "containerResource" : "resource");
        JsonNode target = body.path("target");
        String average = target.path("averageValue").asString("");
        return new Metric(
                type,
                body.path("name").asString(""),
                body.path("container").asString(""),
                target.path("averageUtilization").asInt(0),
                Requests.thousandths(average));
    }

    private static Pace pace(JsonNode behavior, Pace usual) {
        String select = behavior.path("selectPolicy").asString("Max");
        List<Policy> policies = behavior.path("policies")
                .valueStream()
                .map(policy -> new Policy(
                        policy.path("type").asString("").equals("Percent"),
                        policy.path("value").asInt(0),
                        policy.path("periodSeconds").asInt(15)))
                .toList();
        return new Pace(
                behavior.path("stabilizationWindowSeconds").asInt(usual.windowSeconds()),
                !select.equals("Disabled"),
                !select.equals("Min"),
                policies.isEmpty() ? usual.policies() : policies);
    }
}
