package dev.weft.runtime.autoscale;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.resources.Key;
import dev.weft.resources.Kind;
import dev.weft.resources.Kinds;
import dev.weft.resources.MemoryStore;
import dev.weft.resources.Resource;
import dev.weft.runtime.node.Usage;
import dev.weft.runtime.pod.Events;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** HorizontalPodAutoscalers over pods whose use the test says, by a clock that only the test moves. */
final class AutoscalersTest {

    private static final Key SCALER = Kinds.AUTOSCALER.key("default", "shop");

    private final MemoryStore store = new MemoryStore();
    private final List<Usage.OfPod> usage = new ArrayList<>();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z"); // before those who read it
    private String resources = "";
    private final Events events = new Events(store, () -> now);
    private final Autoscalers scalers = new Autoscalers(store, () -> usage, () -> now, events);

    @AfterEach
    void stop() {
        scalers.close();
        events.close();
    }

    @Test
    void givesAsManyPodsAsTheirUseAsksFor() {
        deployment(2, "'requests': {'cpu': '200m'}");
        scaler("'minReplicas': 1, 'maxReplicas': 10", cpu(50));
        uses(150, 250);

        look();

        assertThat(replicas()).as("2 × 100 % over 50 %").isEqualTo(4);
        assertThat(status("/currentMetrics/0/resource/current/averageUtilization")
                        .asInt(0))
                .isEqualTo(100);
        assertThat(status("/desiredReplicas").asInt(0)).isEqualTo(4);
        assertThat(condition("ScalingActive")).isEqualTo("True ValidMetricFound");
    }

    @Test
    void leavesWhatIsWithinATenth() {
        deployment(2, "'requests': {'cpu': '200m'}");
        scaler("'maxReplicas': 10", cpu(50));
        uses(105, 105);
        look();
        assertThat(replicas()).isEqualTo(2);
    }

    @Test
    void goesUpByNoMoreThanItMayAndNotBeyondTheMost() {
        deployment(3, "'requests': {'cpu': '100m'}");
        scaler("'maxReplicas': 20", cpu(10));
        uses(100, 100, 100);
        look();
        assertThat(replicas())
                .as("by four, or to the double, in fifteen seconds")
                .isEqualTo(7);
        uses(100, 100, 100, 100, 100, 100, 100);
        pass(Duration.ofSeconds(16));
        assertThat(replicas()).isEqualTo(14);
        uses(1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000);
        pass(Duration.ofSeconds(16));
        assertThat(replicas()).isEqualTo(20);
        assertThat(condition("ScalingLimited")).isEqualTo("True TooManyReplicas");
    }

    @Test
    void comesWithinItsLimitsAlsoWhenNobodyKnowsTheUse() {
        deployment(7, "");
        scaler("'minReplicas': 2, 'maxReplicas': 5", cpu(50));
        look();
        assertThat(replicas()).isEqualTo(5);
        assertThat(status("/desiredReplicas").asInt(0)).isEqualTo(5);

        deployment(1, "");
        look();
        assertThat(replicas()).isEqualTo(2);
    }

    @Test
    void goesDownWhenFiveMinutesHaveAskedForIt() {
        deployment(4, "'requests': {'cpu': '100m'}");
        scaler("'minReplicas': 2, 'maxReplicas': 10", cpu(50));
        uses(50, 50, 50, 50);
        look();
        uses(5, 5, 5, 5);
        pass(Duration.ofMinutes(4));
        assertThat(replicas()).isEqualTo(4);
        pass(Duration.ofMinutes(2));
        assertThat(replicas()).isEqualTo(2);
        assertThat(condition("ScalingLimited")).isEqualTo("True TooFewReplicas");
    }

    @Test
    void saysWhyItCannotScale() {
        deployment(1, "'limits': {'memory': '1Gi'}");
        scaler("'maxReplicas': 10", cpu(50));
        uses(500);
        look();
        assertThat(condition("ScalingActive")).isEqualTo("False FailedGetResourceMetric");
        assertThat(message("ScalingActive")).contains("missing request for cpu in pod shop-0");

        scaler("'maxReplicas': 10", "{'type': 'External', 'external': {}}");
        look();
        assertThat(message("ScalingActive")).contains("NoEffect", "External");
        assertThat(replicas()).isEqualTo(1);
    }

    @Test
    void saysWhatIsNotScaledHere() {
        scaler("'maxReplicas': 10", cpu(50));
        look();
        assertThat(message("AbleToScale")).contains("Deployment \"shop\" not found");

        deployment(1, "'requests': {'cpu': '100m'}");
        ObjectNode json =
                store.get(Kinds.DEPLOYMENT.key("default", "shop")).orElseThrow().edit();
        json.withObject("/metadata/labels").put("serving.knative.dev/revision", "shop-00001");
        store.update(new Resource(Kinds.DEPLOYMENT, json));
        look();
        assertThat(condition("ScalingActive")).isEqualTo("False NoEffect");
    }

    private static String cpu(int percent) {
        return "{'type': 'Resource', 'resource': {'name': 'cpu', 'target': {'type': 'Utilization', 'averageUtilization': "
                + percent + "}}}";
    }

    private void deployment(int replicas, String resources) {
        apply(Kinds.DEPLOYMENT, "shop", """
                {'replicas': %d, 'selector': {'matchLabels': {'app': 'shop'}}}
                """.formatted(replicas));
        this.resources = resources;
    }

    /** As many pods as figures, each using so many thousandths of a processor. */
    private void uses(long... millicores) {
        usage.clear();
        for (int i = 0; i < millicores.length; i++) {
            Key key = Kinds.POD.key("default", "shop-" + i);
            ObjectNode pod = json(
                    "{'metadata': {'name': '%s', 'namespace': 'default', 'labels': {'app': 'shop'}}, 'spec': {'containers': [{'name': 'main', 'resources': {%s}}]}}"
                            .formatted(key.name(), resources));
            store.apply(new Resource(Kinds.POD, pod));
            usage.add(new Usage.OfPod(
                    key,
                    now,
                    Duration.ofSeconds(10),
                    List.of(new Usage.OfContainer("main", millicores[i] * 1_000_000, 0))));
        }
    }

    private void scaler(String limits, String metric) {
        apply(Kinds.AUTOSCALER, "shop", """
                {%s, 'scaleTargetRef': {'apiVersion': 'apps/v1', 'kind': 'Deployment', 'name': 'shop'}, 'metrics': [%s]}
                """.formatted(limits, metric));
    }

    private void apply(Kind kind, String name, String spec) {
        ObjectNode json = json("{'metadata': {'name': '%s', 'namespace': 'default'}}".formatted(name));
        json.set("spec", json(spec));
        store.apply(new Resource(kind, json));
    }

    /** Looks every fifteen seconds meanwhile. */
    private void pass(Duration time) {
        Instant end = now.plus(time);
        while (now.isBefore(end)) {
            now = now.plusSeconds(16);
            look();
        }
    }

    private void look() {
        scalers.reconcile(SCALER);
    }

    private int replicas() {
        return store.get(Kinds.DEPLOYMENT.key("default", "shop"))
                .orElseThrow()
                .at("/spec/replicas")
                .asInt(0);
    }

    private JsonNode status(String pointer) {
        return store.get(SCALER).orElseThrow().at("/status" + pointer);
    }

    private String condition(String type) {
        JsonNode condition = named(type);
        return condition.path("status").asString("") + " "
                + condition.path("reason").asString("");
    }

    private String message(String type) {
        return named(type).path("message").asString("");
    }

    private JsonNode named(String type) {
        return status("/conditions")
                .valueStream()
                .filter(each -> each.path("type").asString("").equals(type))
                .findFirst()
                .orElseThrow();
    }

    private static ObjectNode json(String text) {
        return (ObjectNode) JsonMapper.shared().readTree(text.replace('\'', '"'));
    }
}
