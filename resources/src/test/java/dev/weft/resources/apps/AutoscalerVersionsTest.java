package dev.weft.resources.apps;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class AutoscalerVersionsTest {

    @Test
    void aStatusThatIsWrittenInTheOldVersionKeepsWhatOnlyTheNewOneSays() {
        ObjectNode stored = (ObjectNode) JsonMapper.shared().readTree("""
                {"apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler", "metadata": {"name": "a"},
                 "spec": {"maxReplicas": 3},
                 "status": {"currentReplicas": 1, "desiredReplicas": 2,
                  "conditions": [{"type": "AbleToScale", "status": "True"}],
                  "currentMetrics": [
                   {"type": "Resource", "resource": {"name": "cpu", "current": {"averageUtilization": 40}}},
                   {"type": "Resource", "resource": {"name": "memory", "current": {"averageValue": "1Mi"}}}]}}""");
        ObjectNode old = AutoscalerVersions.toOld(stored);
        assertThat(old.at("/status/currentCPUUtilizationPercentage").asInt()).isEqualTo(40);
        old.withObject("/status").put("desiredReplicas", 3);

        ObjectNode again = AutoscalerVersions.toStored(old);

        assertThat(again.at("/status/desiredReplicas").asInt()).isEqualTo(3);
        again.withObject("/status").put("desiredReplicas", 2);
        assertThat(again.get("status")).isEqualTo(stored.get("status"));
        assertThat(again.at("/metadata/annotations")).isEmpty();
    }
}
