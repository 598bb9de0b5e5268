package dev.weft.serving;

import static dev.weft.serving.Hello.hello;
import static dev.weft.serving.Hello.named;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.workload.ServiceName;
import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import dev.weft.resources.document.Documents;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What becomes of a Knative service, from its declaration to its status. */
class ServingTests {

    private final World world = new World();

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void serviceBecomesReadyWithItsFirstInstanceAndThenSleeps() {
        world.apply(hello("one"));
        world.awaitReady("hello");
        JsonNode status = world.at(Kinds.KNATIVE_SERVICE, "hello", "/status");
        assertThat(status.path("url").asString("")).isEqualTo("http://hello.default.example.com");
        assertThat(status.at("/address/url").asString("")).isEqualTo("http://hello.default.svc.cluster.local");
        assertThat(status.path("latestCreatedRevisionName").asString("")).isEqualTo("hello-00001");
        assertThat(status.path("latestReadyRevisionName").asString("")).isEqualTo("hello-00001");
        assertThat(status.path("observedGeneration").asInt()).isEqualTo(1);
        assertThat(world.traffic("hello")).containsExactly("hello-00001 100 latest");
        world.passUntil("asleep", () -> world.replicas("hello-00001") == 0);
        world.await(
                "told",
                () -> world.condition(Kinds.REVISION, "hello-00001", "Active").equals("False: NoTraffic"));
        assertThat(world.condition(Kinds.REVISION, "hello-00001", "Ready")).isEqualTo("True");
        assertThat(world.condition(Kinds.KNATIVE_SERVICE, "hello", "Ready")).isEqualTo("True");
    }

    @Test
    void everythingIsOwnedLabelledAndDefaulted() {
        world.apply(hello("one"));
        world.awaitReady("hello");
        Resource configuration = world.get(Kinds.CONFIGURATION, "hello");
        assertThat(configuration.at("/metadata/ownerReferences/0/kind").asString(""))
                .isEqualTo("Service");
        assertThat(configuration.at("/metadata/ownerReferences/0/controller").asBoolean())
                .isTrue();
        assertThat(configuration.labels()).containsEntry("serving.knative.dev/service", "hello");
        Resource revision = world.get(Kinds.REVISION, "hello-00001");
        assertThat(revision.at("/spec/timeoutSeconds").asInt()).isEqualTo(300);
        assertThat(revision.at("/spec/containerConcurrency").asInt(-1)).isZero();
        assertThat(revision.at("/spec/containers/0/name").asString("")).isEqualTo("user-container");
        assertThat(revision.labels())
                .containsEntry("serving.knative.dev/configuration", "hello")
                .containsEntry("serving.knative.dev/configurationGeneration", "1")
                .containsEntry("serving.knative.dev/service", "hello");
        Resource deployment = world.get(Kinds.DEPLOYMENT, "hello-00001-deployment");
        assertThat(deployment
                        .at("/spec/selector/matchLabels/serving.knative.dev~1revision")
                        .asString(""))
                .isEqualTo("hello-00001");
        JsonNode template = deployment.at("/spec/template");
        assertThat(template.at("/metadata/annotations/config.linkerd.io~1default-inbound-policy")
                        .asString(""))
                .isEqualTo("deny");
        assertThat(template.at("/spec/serviceAccountName").asString("")).isEqualTo("greeter");
        assertThat(template.at("/spec/containers/0/ports/0/containerPort").asInt())
                .isEqualTo(8080);
        assertThat(template.at("/spec/containers/0/readinessProbe/tcpSocket/port")
                        .asInt())
                .isEqualTo(8080);
        assertThat(template.at("/spec/containers/0/env").toString())
                .contains("\"TARGET\"")
                .contains("\"K_REVISION\"")
                .doesNotContain("\"PORT\"");
        Resource byRevision = world.get(Kinds.SERVICE, "hello-00001");
        assertThat(byRevision.at("/spec/ports/0/port").asInt()).isEqualTo(80);
        assertThat(byRevision.at("/spec/ports/0/targetPort").asInt()).isEqualTo(8080);
        assertThat(byRevision.labels()).containsEntry("serving.knative.dev/revision", "hello-00001");
        assertThat(world.at(Kinds.SERVICE, "hello", "/spec/ports/0/port").asInt())
                .isEqualTo(80);
        assertThat(world.at(Kinds.SERVICE, "hello", "/spec/selector").isMissingNode())
                .isTrue();
    }

    @Test
    void trafficIsSplitAndTagged() {
        world.apply(hello("one"));
        world.awaitReady("hello");
        world.apply(hello("two"));
        world.await("second", () -> world.traffic("hello").equals(List.of("hello-00002 100 latest")));
        world.apply(hello("two") + """
                  traffic:
                  - revisionName: hello-00001
                    percent: 90
                    tag: stable
                  - latestRevision: true
                    percent: 10
                    tag: canary
                """);
        world.await(
                "split",
                () -> world.traffic("hello")
                        .equals(List.of(
                                "hello-00001 90 stable http://stable-hello.default.example.com",
                                "hello-00002 10 latest canary http://canary-hello.default.example.com")));
        world.awaitReady("hello");
        assertThat(world.at(Kinds.CONFIGURATION, "hello", "/metadata/generation")
                        .asInt())
                .isEqualTo(2);
        world.await(
                "the first is routed again",
                () -> world.get(Kinds.REVISION, "hello-00001")
                        .labels()
                        .getOrDefault("serving.knative.dev/routingState", "")
                        .equals("active"));
    }

    @Test
    void trafficToARevisionThatIsMissingIsRefusedAndTheOldGoesOn() {
        world.apply(hello("one"));
        world.awaitReady("hello");
        world.apply(hello("one") + """
                  traffic:
                  - revisionName: hello-00007
                    percent: 100
                """);
        world.await(
                "refused",
                () -> world.condition(Kinds.KNATIVE_SERVICE, "hello", "RoutesReady")
                        .equals("False: RevisionMissing"));
        assertThat(world.message(Kinds.KNATIVE_SERVICE, "hello", "Ready")).contains("hello-00007");
        assertThat(world.traffic("hello")).containsExactly("hello-00001 100 latest");
    }

    @Test
    void revisionTakesTheNameThatIsChosenOnce() {
        world.apply(named("hello-first", "one"));
        world.awaitReady("hello");
        assertThat(world.traffic("hello")).containsExactly("hello-first 100 latest");
        world.apply(named("hello-first", "two"));
        world.await(
                "refused",
                () -> world.condition(Kinds.KNATIVE_SERVICE, "hello", "RoutesReady")
                        .equals("False: RevisionNameTaken"));
        world.apply(named("hello-second", "two"));
        world.awaitReady("hello");
        assertThat(world.traffic("hello")).containsExactly("hello-second 100 latest");
    }

    @Test
    void revisionWithANameOfItsOwnMayBeAnnotated() {
        world.apply(named("hello-first", "one"));
        world.awaitReady("hello");
        world.apply("""
                apiVersion: serving.knative.dev/v1
                kind: Revision
                metadata: {name: hello-first, annotations: {serving.knative.dev/no-gc: "true"}}
                """);
        world.apply(named("hello-first", "one").replace("name: hello}", "name: hello, labels: {team: a}}"));
        world.await(
                "reconciled",
                () -> world.get(Kinds.ROUTE, "hello")
                        .labels()
                        .getOrDefault("team", "")
                        .equals("a"));
        world.awaitReady("hello");
        assertThat(world.get(Kinds.CONFIGURATION, "hello").labels()).containsEntry("team", "a");
        assertThat(world.get(Kinds.REVISION, "hello-first").annotations())
                .containsEntry("serving.knative.dev/no-gc", "true");
    }

    @Test
    void changeOfConfigGcIsObeyedAtOnce() {
        world.apply(hello("one"));
        world.awaitReady("hello");
        world.apply(hello("two"));
        world.await("second", () -> world.traffic("hello").equals(List.of("hello-00002 100 latest")));
        world.passUntil("the first sleeps", () -> world.replicas("hello-00001") == 0);
        world.await(
                "the first is in reserve",
                () -> world.condition(Kinds.REVISION, "hello-00001", "Active").equals("False: NoTraffic"));
        world.store.apply(new Resource(
                Kinds.CONFIG_MAP,
                Documents.parse("config-gc.yaml", """
                                apiVersion: v1
                                kind: ConfigMap
                                metadata: {name: config-gc, namespace: knative-serving}
                                data: {min-non-active-revisions: "0", max-non-active-revisions: "0"}
                                """).documents().getFirst().json()));
        world.await("collected", () -> world.store.list(Kinds.REVISION).size() == 1);
        assertThat(world.get(Kinds.REVISION, "hello-00002").deleting()).isFalse();
    }

    @Test
    void invalidServiceIsToldEverythingAndTheLastGoodServes() {
        world.apply(hello("one"));
        world.awaitReady("hello");
        world.apply(hello("two").replace("\"6s\"", "\"2s\"") + """
                  traffic:
                  - latestRevision: true
                    percent: 80
                """);
        world.await(
                "refused",
                () -> world.condition(Kinds.KNATIVE_SERVICE, "hello", "Ready").equals("False: InvalidSpec"));
        assertThat(world.message(Kinds.KNATIVE_SERVICE, "hello", "Ready"))
                .contains("autoscaling.knative.dev/window")
                .contains("80");
        assertThat(world.traffic("hello")).containsExactly("hello-00001 100 latest");
        assertThat(world.store.list(Kinds.REVISION)).hasSize(1);
    }

    @Test
    void foreignConfigurationIsNotTakenOver() {
        world.apply("""
                apiVersion: serving.knative.dev/v1
                kind: Configuration
                metadata: {name: hello}
                spec: {template: {spec: {containers: [{image: theirs}]}}}
                """);
        world.apply(hello("one"));
        world.await(
                "refused",
                () -> world.condition(Kinds.KNATIVE_SERVICE, "hello", "ConfigurationsReady")
                        .equals("False: NotOwned"));
    }

    @Test
    void deletedServiceTakesEverythingWithIt() {
        world.apply(hello("one"));
        world.awaitReady("hello");
        world.store.delete(Kinds.KNATIVE_SERVICE.key("default", "hello"));
        world.await(
                "gone",
                () -> world.store.list(Kinds.REVISION).isEmpty()
                        && world.store.list(Kinds.DEPLOYMENT).isEmpty()
                        && world.store.list(Kinds.SERVICE).isEmpty()
                        && world.store.list(Kinds.ROUTE).isEmpty());
        world.await(
                "forgotten",
                () -> world.serving
                        .scaling(new ServiceName("default", "hello-00001"))
                        .isEmpty());
    }

    @Test
    void changeOfMetadataMakesNoRevisionAndReachesWhatIsOwned() {
        world.apply(hello("one"));
        world.awaitReady("hello");
        world.apply(hello("one").replace("name: hello}", "name: hello, labels: {team: a}}"));
        world.await(
                "propagated",
                () -> world.get(Kinds.ROUTE, "hello")
                        .labels()
                        .getOrDefault("team", "")
                        .equals("a"));
        world.awaitReady("hello");
        assertThat(world.store.list(Kinds.REVISION)).hasSize(1);
    }
}
