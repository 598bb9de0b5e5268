package dev.weft.serving.knative;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.resources.Key;
import dev.weft.resources.Kinds;
import dev.weft.resources.MemoryStore;
import dev.weft.resources.Resource;
import dev.weft.resources.document.Document;
import dev.weft.resources.document.Documents;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A Route whose traffic moves step by step; time goes on only when the test says so. */
final class RouteRolloutTests {

    private static final Key CONFIGURATION = Kinds.CONFIGURATION.key("default", "hello");
    private static final Key ROUTE = Kinds.ROUTE.key("default", "hello");

    private final MemoryStore store = new MemoryStore();
    private Instant now = Instant.parse("2026-06-01T00:00:00Z");
    private RouteController routes = controller();

    @BeforeEach
    void declare() {
        apply("""
                apiVersion: serving.knative.dev/v1
                kind: Configuration
                metadata: {name: hello, namespace: default}
                spec: {template: {spec: {containers: [{image: hello}]}}}
                ---
                """ + revision("one") + "---\n" + revision("two"));
    }

    @Test
    void movesInStepsAndTellsWhenTheNextIsDue() {
        apply(route("serving.knative.dev/rollout-duration: 10s", "{configurationName: hello, percent: 100}"));
        latest("one");
        assertThat(routes.reconcile(ROUTE)).isEmpty();

        latest("two");

        assertThat(routes.reconcile(ROUTE)).contains(Duration.ofSeconds(2));
        assertThat(traffic()).containsExactly("one 99 latest", "two 1 latest");
        assertThat(ingress()).isEqualTo("Unknown: RolloutInProgress");
        now = now.plusSeconds(2);
        assertThat(routes.reconcile(ROUTE)).contains(Duration.ofSeconds(1));
        assertThat(traffic()).containsExactly("one 88 latest", "two 12 latest");
    }

    @Test
    void endsWithEverythingAtTheLatest() {
        apply(route("serving.knative.dev/rolloutDuration: 10s", "{configurationName: hello, percent: 100}"));
        latest("one");
        routes.reconcile(ROUTE);
        latest("two");

        List<Integer> shares = new ArrayList<>();
        for (var next = routes.reconcile(ROUTE); next.isPresent(); next = routes.reconcile(ROUTE)) {
            shares.add(store.get(ROUTE)
                    .orElseThrow()
                    .at("/status/traffic/1/percent")
                    .asInt());
            now = now.plus(next.get());
        }

        assertThat(shares).containsExactly(1, 12, 23, 34, 45, 56, 67, 78, 89);
        assertThat(now).isEqualTo(Instant.parse("2026-06-01T00:00:10Z"));
        assertThat(traffic()).containsExactly("two 100 latest");
        assertThat(ingress()).isEqualTo("True");
    }

    @Test
    void goesOnAfterARestartWhereItWas() {
        apply(route("serving.knative.dev/rollout-duration: 10s", "{configurationName: hello, percent: 100}"));
        latest("one");
        routes.reconcile(ROUTE);
        latest("two");
        routes.reconcile(ROUTE);
        now = now.plusSeconds(2);
        routes.reconcile(ROUTE);

        now = now.plusMillis(400);
        routes = controller();

        assertThat(routes.reconcile(ROUTE)).contains(Duration.ofMillis(600));
        assertThat(traffic()).containsExactly("one 88 latest", "two 12 latest");
    }

    @Test
    void stateStandsInTheStatusInKnativesForm() {
        apply(route("serving.knative.dev/rollout-duration: 10s", "{configurationName: hello, percent: 100}"));
        latest("one");
        routes.reconcile(ROUTE);
        latest("two");
        routes.reconcile(ROUTE);

        assertThat(Resource.strings(store.get(ROUTE).orElseThrow().at("/status/annotations")))
                .containsEntry("networking.internal.knative.dev/rollout", """
                        {"configurations":[{"configurationName":"hello","percent":100,"revisions":[\
                        {"revisionName":"one","percent":99},{"revisionName":"two","percent":1}],"stepParams":{\
                        "starttime":1780272000000000000,"nextStepTime":1780272002000000000,\
                        "stepDuration":1000000000,"stepSize":11}}]}""");
    }

    @Test
    void defaultIsThatOfConfigNetworkInSeconds() {
        apply("""
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: config-network, namespace: knative-serving}
                data: {rollout-duration: "380"}
                """);
        apply(route("", "{configurationName: hello, percent: 100}"));
        latest("one");
        routes.reconcile(ROUTE);
        latest("two");
        routes.reconcile(ROUTE);
        assertThat(traffic()).containsExactly("one 99 latest", "two 1 latest");

        apply("""
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: config-network, namespace: knative-serving}
                data: {rollout-duration: "0"}
                """);
        routes.reconcile(ROUTE);
        assertThat(traffic()).containsExactly("two 100 latest");
    }

    @Test
    void withoutATimeEverythingMovesAtOnce() {
        apply(route("", "{configurationName: hello, percent: 100}"));
        latest("one");
        routes.reconcile(ROUTE);
        latest("two");

        assertThat(routes.reconcile(ROUTE)).isEmpty();
        assertThat(traffic()).containsExactly("two 100 latest");
    }

    @Test
    void revisionsThatAreNamedAndTagsStay() {
        apply(route(
                "serving.knative.dev/rollout-duration: 10s",
                "{revisionName: one, percent: 70}, {configurationName: hello, percent: 30, tag: canary}"));
        latest("one");
        routes.reconcile(ROUTE);
        latest("two");
        routes.reconcile(ROUTE);

        assertThat(traffic())
                .containsExactly(
                        "one 70", "one 29 latest", "two 1 latest canary http://canary-hello.default.example.com");
    }

    @Test
    void shareOfADeletedRevisionIsNotLost() {
        apply(route("serving.knative.dev/rollout-duration: 10s", "{configurationName: hello, percent: 100}"));
        latest("one");
        routes.reconcile(ROUTE);
        latest("two");
        routes.reconcile(ROUTE);

        store.delete(Kinds.REVISION.key("default", "one"));
        routes.reconcile(ROUTE);

        assertThat(traffic()).containsExactly("two 100 latest");
    }

    @Test
    void stateThatMakesNoSenseIsAsIfThereWereNone() {
        apply(route("serving.knative.dev/rollout-duration: 10s", "{configurationName: hello, percent: 100}"));
        latest("two");
        for (String state : List.of(
                "no JSON",
                "{'configurations':[{'configurationName':'hello','percent':100,'revisions':"
                        + "[{'revisionName':'one','percent':40}]}]}",
                "{'configurations':[{'configurationName':'hello','percent':100}]}",
                "{'configurations':7}")) {
            Documents status = Documents.parse("status.yaml", "annotations: {}");
            ObjectNode json = status.documents().getFirst().json();
            json.withObject("/annotations").put(RolloutState.ANNOTATION, state.replace('\'', '"'));
            store.updateStatus(ROUTE, json);

            routes.reconcile(ROUTE);

            assertThat(traffic()).as(state).containsExactly("two 100 latest");
        }
    }

    private RouteController controller() {
        return new RouteController(store, new RevisionIndex(), new RouteReferences(store), "example.com", () -> now);
    }

    private void latest(String revision) {
        store.updateStatus(
                CONFIGURATION,
                Documents.parse("status.yaml", "{latestReadyRevisionName: " + revision + "}")
                        .documents()
                        .getFirst()
                        .json());
    }

    private List<String> traffic() {
        List<String> lines = new ArrayList<>();
        for (JsonNode target : store.get(ROUTE).orElseThrow().at("/status/traffic")) {
            lines.add((target.path("revisionName").asString("") + " "
                            + target.path("percent").asInt()
                            + (target.path("latestRevision").asBoolean() ? " latest" : "") + " "
                            + target.path("tag").asString("") + " "
                            + target.path("url").asString(""))
                    .strip());
        }
        return lines;
    }

    private String ingress() {
        Condition condition = Conditions.of(store.get(ROUTE).orElseThrow(), "IngressReady");
        return condition.status() + (condition.reason().isEmpty() ? "" : ": " + condition.reason());
    }

    private void apply(String yaml) {
        for (Document document : Documents.parse("test.yaml", yaml).documents()) {
            String apiVersion = document.json().path("apiVersion").asString("");
            String group = apiVersion.contains("/") ? apiVersion.substring(0, apiVersion.indexOf('/')) : "";
            store.apply(new Resource(
                    Kinds.find(group, document.json().path("kind").asString("")).orElseThrow(), document.json()));
        }
    }

    private static String route(String annotation, String traffic) {
        return """
                apiVersion: serving.knative.dev/v1
                kind: Route
                metadata: {name: hello, namespace: default, annotations: {%s}}
                spec: {traffic: [%s]}
                """.formatted(annotation, traffic);
    }

    private static String revision(String name) {
        return """
                apiVersion: serving.knative.dev/v1
                kind: Revision
                metadata:
                  name: %s
                  namespace: default
                  labels: {serving.knative.dev/configuration: hello}
                spec: {containers: [{image: hello}]}
                status: {conditions: [{type: Ready, status: 'True'}]}
                """.formatted(name);
    }
}
