package dev.weft.runtime.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.runtime.process.Account;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class RunAsTest {

    private static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text.replace('\'', '"'));
    }

    @Test
    void nobodyIsChosenWhereNothingIsSaid() throws Preparation.Refusal {
        assertThat(RunAs.of(0).account(json("{}"), json("{}"))).isEmpty();
        assertThat(RunAs.of(1000).account(json("{'runAsNonRoot': true}"), json("{}")))
                .isEmpty();
    }

    @Test
    void rootBecomesWhomTheContainerSaysBeforeThePod() throws Preparation.Refusal {
        assertThat(RunAs.of(0).account(json("{'runAsUser': 7001}"), json("{'runAsUser': 7002, 'runAsGroup': 7003}")))
                .contains(new Account(7002, 7003, List.of()));
        assertThat(RunAs.of(0).account(json("{'runAsUser': 7001}"), json("{}")))
                .as("an account that the machine does not know has a group of its own, not root's")
                .contains(new Account(7001, 7001, List.of()));
    }

    @Test
    void groupsOfAPodAreItsProgramsAndOfOneOfThemItsVolumes() throws Preparation.Refusal {
        JsonNode pod = json("{'fsGroup': 7009, 'supplementalGroups': [7010, 7009]}");
        assertThat(RunAs.of(0).account(pod, json("{}"))).contains(new Account(0, 0, List.of(7009L, 7010L)));
        assertThat(RunAs.of(1000).account(pod, json("{}"))).isEmpty();
    }

    @Test
    void anOrdinaryAccountStaysItself() throws Preparation.Refusal {
        assertThat(RunAs.of(1000).account(json("{'runAsUser': 1000}"), json("{}")))
                .isEmpty();
        assertThatThrownBy(() -> RunAs.of(1000).account(json("{'runAsUser': 1001}"), json("{}")))
                .hasMessageContaining("the ordinary account 1000")
                .hasMessageContaining("run Weft as root");
    }

    @Test
    void whatMustNotRunAsRootDoesNot() {
        assertThatThrownBy(() -> RunAs.of(0).account(json("{'runAsNonRoot': true}"), json("{}")))
                .hasMessageContaining("set runAsUser");
    }
}
