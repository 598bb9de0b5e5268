package dev.weft.runtime.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.runtime.process.Account;
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
                .contains(new Account(7002, 7003));
        assertThat(RunAs.of(0).account(json("{'runAsUser': 7001}"), json("{}")))
                .as("an account that the machine does not know has a group of its own, not root's")
                .contains(new Account(7001, 7001));
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
