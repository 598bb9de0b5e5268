package dev.weft.runtime.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.resources.Key;
import dev.weft.resources.Kinds;
import dev.weft.resources.MemoryStore;
import dev.weft.resources.Resource;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What the status of a PodDisruptionBudget says. */
class DisruptionBudgetsTest {

    private static final Key BUDGET = Kinds.DISRUPTION_BUDGET.key("default", "till");

    private final MemoryStore store = new MemoryStore();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z"); // before those who read it
    private final DisruptionBudgets budgets = new DisruptionBudgets(store, () -> now);

    @AfterEach
    void stop() {
        budgets.close();
    }

    @Test
    void saysHowManyPodsMayGo() {
        pod("a", true);
        pod("b", true);
        pod("c", false);
        budget(
                "{\"minAvailable\": 1, \"selector\": {\"matchExpressions\": [{\"key\": \"app\", \"operator\": \"Exists\"}]}}");

        assertThat(status("/expectedPods").asInt(0)).isEqualTo(3);
        assertThat(status("/currentHealthy").asInt(0)).isEqualTo(2);
        assertThat(status("/desiredHealthy").asInt(0)).isEqualTo(1);
        assertThat(status("/disruptionsAllowed").asInt(0)).isEqualTo(1);
        assertThat(status("/conditions/0/reason").asString("")).isEqualTo("SufficientPods");
    }

    @Test
    void remembersSinceWhenItIsSo() {
        pod("a", true);
        budget("{\"minAvailable\": 1, \"selector\": {}}");
        String since = status("/conditions/0/lastTransitionTime").asString("");
        now = now.plusSeconds(60);
        pod("b", false);
        assertThat(status("/expectedPods").asInt(0)).isEqualTo(2);
        assertThat(status("/conditions/0/lastTransitionTime").asString("")).isEqualTo(since);

        pod("b", true);

        assertThat(status("/conditions/0/status").asString("")).isEqualTo("True");
        assertThat(status("/conditions/0/lastTransitionTime").asString("")).isEqualTo("2026-01-01T00:01:00Z");
    }

    @Test
    void withoutASelectorItIsAboutNoPod() {
        pod("a", true);
        budget("{\"minAvailable\": 0}");

        assertThat(status("/expectedPods").asInt(9)).isZero();
        assertThat(status("/disruptionsAllowed").asInt(9)).isZero();
    }

    private JsonNode status(String pointer) {
        budgets.reconcile(BUDGET);
        return store.get(BUDGET).orElseThrow().at("/status" + pointer);
    }

    private void budget(String spec) {
        ObjectNode json = Resource.of(BUDGET).edit();
        json.set("spec", JsonMapper.shared().readTree(spec));
        store.apply(new Resource(Kinds.DISRUPTION_BUDGET, json));
    }

    private void pod(String name, boolean ready) {
        Key key = Kinds.POD.key("default", name);
        ObjectNode json = Resource.of(key).edit();
        json.withObject("/metadata").putObject("labels").put("app", "till");
        store.apply(new Resource(Kinds.POD, json));
        ObjectNode status = JsonMapper.shared().createObjectNode();
        status.putArray("conditions").addObject().put("type", "Ready").put("status", ready ? "True" : "False");
        store.updateStatus(key, status);
    }
}
