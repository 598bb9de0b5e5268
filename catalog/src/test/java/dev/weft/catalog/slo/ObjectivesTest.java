package dev.weft.catalog.slo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.catalog.Given;
import dev.weft.catalog.ManualClock;
import dev.weft.catalog.metrics.Apexes;
import dev.weft.catalog.metrics.Counters;
import dev.weft.catalog.metrics.Recorder;
import dev.weft.catalog.metrics.Traffic;
import dev.weft.resources.Key;
import dev.weft.resources.Kinds;
import dev.weft.resources.MemoryStore;
import dev.weft.resources.Resource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

final class ObjectivesTest {

    private static final Key HELLO = Kinds.SLO.key("default", "hello");
    private static final String OF_HELLO = "response_total{authority=~\\\"hello[.]default[.].*\\\"}";

    private final ManualClock clock = new ManualClock();
    private final MemoryStore store = new MemoryStore();

    @TempDir
    private Path directory;

    private Counters<Traffic> counters = counters();
    private Recorder recorder = recorder(counters);
    private Objectives objectives = new Objectives(store, clock, () -> counters.read(), Optional.empty());

    @BeforeEach
    void keepOnDisk() {
        objectives = new Objectives(store, clock, () -> counters.read(), Optional.of(directory));
    }

    @Test
    void theBudgetIsWhatTheRawCountersSay() {
        store.create(slo(OF_HELLO, "5m"));
        requests(990, 200);
        requests(10, 500);
        requests(7, Given.QUOTE_V1, 500);

        Budget budget = state().budget();

        assertThat(budget.total()).isEqualTo(1_000);
        assertThat(budget.bad()).isEqualTo(10);
        assertThat(budget.allowed()).isEqualByComparingTo("1");
        assertThat(budget.remaining()).isEqualByComparingTo("-9");
    }

    @Test
    void whatIsOlderThanTheWindowIsForgotten() {
        store.create(slo(OF_HELLO, "5m"));
        requests(100, 500);
        run(Duration.ofMinutes(4));
        requests(100, 200);
        assertThat(state().budget().bad()).isEqualTo(100);

        run(Duration.ofMinutes(2));

        assertThat(state().budget().bad()).isZero();
        assertThat(state().budget().total()).isEqualTo(100);
        run(Duration.ofMinutes(6));
        assertThat(state().budget().remainingShare())
                .as("no traffic in the window")
                .isEmpty();
    }

    @Test
    void writesConditionsAndNumbersToTheStatusAndNotTooOften() {
        store.create(slo(OF_HELLO, "1h"));
        requests(1_000, 200);
        run(Duration.ofSeconds(1));
        String first = version();
        requests(1_000, 200);
        run(Duration.ofSeconds(3));
        assertThat(version()).as("nothing but numbers changed").isEqualTo(first);

        requests(10, 500);
        run(Duration.ofSeconds(1));

        JsonNode status = store.get(HELLO).orElseThrow().at("/status");
        assertThat(version()).isNotEqualTo(first);
        assertThat(condition(status, "Ready").path("status").asString()).isEqualTo("True");
        assertThat(condition(status, "BudgetLeft").path("message").asString())
                .isEqualTo("answers: 10 of 2010 requests were bad, 2.01 are allowed.");
        assertThat(status.at("/objectives/0/bad").asLong()).isEqualTo(10);
        assertThat(status.at("/observedGeneration").asLong()).isEqualTo(1);
    }

    @Test
    void anIdleObjectiveWritesNothing() {
        store.create(slo(OF_HELLO, "1m"));
        requests(10, 200);
        run(Duration.ofMinutes(3));
        String settled = version();
        run(Duration.ofMinutes(3));

        assertThat(version()).isEqualTo(settled);
    }

    @Test
    void aQueryThatIsNotUnderstoodIsRefusedWithWhatWouldDo() {
        store.create(slo("up{job=\\\"x\\\"}", "1h"));
        run(Duration.ofSeconds(1));

        JsonNode ready = condition(store.get(HELLO).orElseThrow().at("/status"), "Ready");

        assertThat(ready.path("status").asString()).isEqualTo("False");
        assertThat(ready.path("reason").asString()).isEqualTo("IndicatorNotUnderstood");
        assertThat(ready.path("message").asString()).startsWith("there is no metric up here (expected:");
        assertThat(objectives.states()).isEmpty();
    }

    @Test
    void theSumsSurviveARestart() {
        store.create(slo(OF_HELLO, "1h"));
        requests(900, 200);
        requests(100, 500);
        run(Duration.ofSeconds(2));
        objectives.close();

        counters = counters();
        recorder = recorder(counters);
        requests(1_000, 200);
        clock.forward(Duration.ofSeconds(30));
        objectives = new Objectives(store, clock, () -> counters.read(), Optional.of(directory));

        assertThat(state().budget().total()).isEqualTo(2_000);
        assertThat(state().budget().bad()).isEqualTo(100);
    }

    @Test
    void aFileThatCannotBeReadStartsTheSumsAnew() throws Exception {
        Files.writeString(directory.resolve("slo-sums.json"), "{\"default/hello\": {\"slots");
        objectives = new Objectives(store, clock, () -> counters.read(), Optional.of(directory));
        store.create(slo(OF_HELLO, "1h"));
        requests(5, 200);

        assertThat(state().budget().total()).isEqualTo(5);
    }

    @Test
    void aServiceCanBeNamedInsteadOfAQuery() {
        String source = "{\"metricSource\": {\"type\": \"Weft\", \"spec\": {\"service\": \"hello\"}}}";
        store.create(document(source, source, "5m"));
        requests(3, 200);
        requests(1, 500);

        assertThat(state().budget().total()).isEqualTo(4);
        assertThat(state().budget().bad()).isEqualTo(1);
    }

    private void run(Duration duration) {
        for (long second = 0; second < duration.toSeconds(); second++) {
            clock.forward(Duration.ofSeconds(1));
            objectives.tick();
        }
    }

    private ObjectiveState state() {
        return objectives.states().getFirst();
    }

    private String version() {
        return store.get(HELLO).orElseThrow().resourceVersion();
    }

    private void requests(int count, int status) {
        requests(count, Given.HELLO, status);
    }

    private void requests(int count, dev.weft.model.workload.Workload to, int status) {
        for (int i = 0; i < count; i++) {
            recorder.record(
                    to.equals(Given.HELLO)
                            ? Given.edge("r", status, 3)
                            : Given.outbound("r", Given.HELLO, to, status, 3));
        }
    }

    private static JsonNode condition(JsonNode status, String type) {
        for (JsonNode condition : status.path("conditions")) {
            if (condition.path("type").asString().equals(type)) {
                return condition;
            }
        }
        throw new AssertionError("no condition " + type + " in " + status);
    }

    private static Resource slo(String query, String window) {
        String good = query.replace("}", query.contains("up{") ? "}" : ",classification=\\\"success\\\"}");
        return document(source(good), source(query), window);
    }

    private static String source(String query) {
        return "{\"metricSource\": {\"type\": \"Prometheus\", \"spec\": {\"query\": \"" + query + "\"}}}";
    }

    private static Resource document(String good, String total, String window) {
        String json = """
                {"apiVersion": "openslo/v1", "kind": "SLO", "metadata": {"name": "hello", "namespace": "default"},
                 "spec": {"service": "hello", "budgetingMethod": "Occurrences",
                  "indicator": {"metadata": {"name": "success"}, "spec": {"ratioMetric": {"counter": true,
                   "good": %s, "total": %s}}},
                  "timeWindow": [{"duration": "%s", "isRolling": true}],
                  "objectives": [{"displayName": "answers", "target": 0.999}]}}
                """.formatted(good, total, window);
        return new Resource(Kinds.SLO, (ObjectNode) JsonMapper.shared().readTree(json));
    }

    private static Counters<Traffic> counters() {
        return Counters.ofRequests(100);
    }

    private static Recorder recorder(Counters<Traffic> counters) {
        Recorder recorder = new Recorder(counters, Counters.ofTries(100));
        recorder.use(Apexes.of(Given.snapshot()));
        return recorder;
    }
}
