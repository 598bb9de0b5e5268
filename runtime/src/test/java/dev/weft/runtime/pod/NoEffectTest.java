package dev.weft.runtime.pod;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class NoEffectTest {

    private static List<String> told(String spec, boolean root) {
        String json = "{'metadata': {'name': 'one', 'namespace': 'default'}, 'spec': " + spec + "}";
        ObjectNode node = (ObjectNode) JsonMapper.shared().readTree(json.replace('\'', '"'));
        return NoEffect.of(PodSpec.read(new Resource(Kinds.POD, node)), root, false);
    }

    @Test
    void groupsAreToldOnceForTheWholePod() {
        String spec = "{'securityContext': {'fsGroup': 1, 'supplementalGroups': [2]}, 'containers': ["
                + "{'name': 'a', 'securityContext': {'runAsGroup': 3}}, {'name': 'b', 'securityContext': {'runAsGroup': 3}}]}";
        assertThat(told(spec, false))
                .singleElement()
                .asString()
                .startsWith("fsGroup, runAsGroup, supplementalGroups of");
        assertThat(told(spec, true)).isEmpty();
    }

    @Test
    void aHostPortIsTcpOnLoopbackAndNothingElse() {
        String spec = "{'containers': [{'name': 'a', 'ports': [{'containerPort': 1, 'hostPort': 53, 'protocol': 'UDP'},"
                + " {'containerPort': 2, 'hostPort': 80, 'hostIP': '0.0.0.0'},"
                + " {'containerPort': 3, 'hostPort': 81, 'hostIP': '127.0.0.1'}, {'containerPort': 4, 'protocol': 'UDP'}]}]}";
        assertThat(told(spec, true))
                .containsExactly(
                        "hostPort 53 of protocol UDP: no effect, only TCP is passed on",
                        "hostIP 0.0.0.0 of hostPort 80: no effect, the port is 127.0.0.1's alone");
    }

    @Test
    void aLimitOfProcessorsIsSaidToHaveNone() {
        String spec = "{'containers': [{'name': 'a', 'resources': {'limits': {'cpu': '500m', 'memory': '1Gi'}}}]}";
        assertThat(told(spec, true)).singleElement().asString().startsWith("resources.limits.cpu: no effect");
    }

    @Test
    void aProbeAsksThePodItself() {
        String spec = "{'containers': [{'name': 'a', 'livenessProbe': {'httpGet': {'port': 1, 'host': 'elsewhere'}}}]}";
        assertThat(told(spec, true)).singleElement().asString().startsWith("livenessProbe.httpGet.host: no effect");
    }

    @Test
    void whatIsObeyedIsNotMentioned() {
        assertThat(told("{'securityContext': {'runAsUser': 1}, 'containers': [{'name': 'a'}]}", false))
                .isEmpty();
    }
}
