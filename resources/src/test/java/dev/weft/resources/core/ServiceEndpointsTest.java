package dev.weft.resources.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.problem.Problem;
import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

class ServiceEndpointsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "300.1.1.1",
                "10.1",
                "1:2",
                "[::2]",
                "::1",
                "169.254.169.254",
                "fe80::1",
                "fe80::1%lo",
                "0.0.0.0",
                "::",
                "224.0.0.1"
            })
    void refusesAddressesThatAreNoneOrMeanNoOneMachine(String address) {
        assertThat(problems(address)).singleElement().asString().contains("subsets[0].addresses[0].ip");
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.1.2.3", "127.9.0.1", "2001:db8::1"})
    void takesTheOthers(String address) {
        assertThat(problems(address)).isEmpty();
    }

    private static List<Problem> problems(String address) {
        ObjectNode json = Resource.of(Kinds.ENDPOINTS.key("default", "a")).edit();
        ObjectNode subset = json.putArray("subsets").addObject();
        subset.putArray("addresses").addObject().put("ip", address);
        subset.putArray("ports").addObject().put("port", 80);
        return ServiceEndpoints.read(new Resource(Kinds.ENDPOINTS, json)).problems();
    }
}
