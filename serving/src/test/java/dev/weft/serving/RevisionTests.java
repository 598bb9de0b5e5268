package dev.weft.serving;

import static dev.weft.serving.Hello.hello;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import dev.weft.resources.document.Documents;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When a revision is ready and takes the traffic, how many instances that needs, and what is said of one that never is. */
class RevisionTests {

    private final World world = new World();

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void newRevisionGetsTrafficOnlyWhenItIsReady() {
        world.apply(hello("one"));
        world.awaitReady("hello");
        world.fates.put("two", World.Fate.SILENT);
        world.apply(hello("two"));
        world.await(
                "the second is under way",
                () -> world.condition(Kinds.REVISION, "hello-00002", "Ready").equals("Unknown: Deploying"));
        world.await(
                "told",
                () -> world.condition(Kinds.KNATIVE_SERVICE, "hello", "Ready").startsWith("Unknown"));
        world.await("it runs", () -> world.endpoints.instances().size() == 2);
        assertThat(world.traffic("hello")).containsExactly("hello-00001 100 latest");
        world.endpoints.put("hello-00002-pod-2", "hello-00002", true);
        world.awaitReady("hello");
        assertThat(world.traffic("hello")).containsExactly("hello-00002 100 latest");
        world.await(
                "the first is in reserve",
                () -> world.get(Kinds.REVISION, "hello-00001")
                        .labels()
                        .getOrDefault("serving.knative.dev/routingState", "")
                        .equals("reserve"));
    }

    @Test
    void trafficMovesStepByStepWhereTheServiceSaysSo() {
        String gradual = "name: hello, annotations: {serving.knative.dev/rollout-duration: 2s}}";
        world.apply(hello("one").replace("name: hello}", gradual));
        world.awaitReady("hello");
        world.apply(hello("two").replace("name: hello}", gradual));
        awaitTraffic("hello-00001 99 latest", "hello-00002 1 latest");
        world.await(
                "told",
                () -> world.condition(Kinds.KNATIVE_SERVICE, "hello", "RoutesReady")
                        .equals("Unknown: RolloutInProgress"));
        world.passUntil("all of it", () -> world.traffic("hello").equals(List.of("hello-00002 100 latest")));
        world.awaitReady("hello");
    }

    @Test
    void changeOfConfigNetworkIsObeyedAtOnce() {
        String gradual = "name: hello, annotations: {serving.knative.dev/rollout-duration: 0s}}";
        configNetwork("3600");
        world.apply(hello("one").replace("name: hello}", gradual));
        world.awaitReady("hello");
        world.apply(hello("two").replace("name: hello}", gradual));
        awaitTraffic("hello-00001 99 latest", "hello-00002 1 latest");
        configNetwork("0");
        awaitTraffic("hello-00002 100 latest");
    }

    private void awaitTraffic(String... lines) {
        world.await("traffic", () -> world.traffic("hello").equals(List.of(lines)));
    }

    private void configNetwork(String seconds) {
        world.store.apply(new Resource(
                Kinds.CONFIG_MAP,
                Documents.parse("config-network.yaml", """
                                apiVersion: v1
                                kind: ConfigMap
                                metadata: {name: config-network, namespace: knative-serving}
                                data: {rollout-duration: "%s"}
                                """.formatted(seconds))
                        .documents()
                        .getFirst()
                        .json()));
    }

    @Test
    void failedRevisionSaysWhyAndTheOldOneServes() {
        world.apply(hello("one"));
        world.awaitReady("hello");
        world.fates.put("two", World.Fate.EXITS);
        world.apply(hello("two"));
        world.await(
                "failed",
                () -> world.condition(Kinds.REVISION, "hello-00002", "Ready").equals("False: ExitCode3"));
        assertThat(world.message(Kinds.REVISION, "hello-00002", "Ready"))
                .contains("exit code 3")
                .contains("no such table: users");
        world.await(
                "told",
                () -> world.condition(Kinds.KNATIVE_SERVICE, "hello", "Ready").equals("False: RevisionFailed"));
        assertThat(world.message(Kinds.KNATIVE_SERVICE, "hello", "Ready"))
                .contains("hello-00002")
                .contains("no such table: users");
        assertThat(world.traffic("hello")).containsExactly("hello-00001 100 latest");
    }

    @Test
    void missingImageIsNamed() {
        world.fates.put("one", World.Fate.IMAGE_NOT_LOCAL);
        world.apply(hello("one"));
        world.await(
                "failed",
                () -> world.condition(Kinds.REVISION, "hello-00001", "Ready").equals("False: ImageNotLocal"));
        world.await(
                "told",
                () -> world.condition(Kinds.KNATIVE_SERVICE, "hello", "Ready").equals("False: RevisionFailed"));
        assertThat(world.message(Kinds.KNATIVE_SERVICE, "hello", "Ready")).contains("no LocalImage is named one");
    }

    @Test
    void programThatNeverAnswersFailsWithinHalfAMinute() {
        world.fates.put("one", World.Fate.SILENT);
        world.apply(hello("one"));
        world.await(
                "started",
                () -> world.condition(Kinds.REVISION, "hello-00001", "Ready").equals("Unknown: Deploying"));
        world.await("running", () -> !world.endpoints.instances().isEmpty());
        world.awaitSeen(); // from then on it is counted
        for (int i = 0; i < 28; i++) {
            world.pass(Duration.ofSeconds(1));
        }
        world.await(
                "failed",
                () -> world.condition(Kinds.REVISION, "hello-00001", "Ready").equals("False: NotReady"));
        world.endpoints.put("hello-00001-pod-1", "hello-00001", true);
        world.awaitReady("hello");
    }

    @Test
    void revisionThatNeverStartsIsGivenUpAtItsProgressDeadline() {
        world.fates.put("one", World.Fate.SILENT);
        world.apply(hello("one")
                .replace("annotations:", "annotations:\n        serving.knative.dev/progress-deadline: 40s"));
        world.await("running", () -> !world.endpoints.instances().isEmpty());
        for (int i = 0; i < 35; i++) {
            world.pass(Duration.ofSeconds(1));
        }
        world.await(
                "patient",
                () -> world.condition(Kinds.REVISION, "hello-00001", "Ready").equals("Unknown: Deploying"));
        world.passUntil("given up", () -> world.replicas("hello-00001") == 0);
        world.await(
                "told",
                () -> world.condition(Kinds.REVISION, "hello-00001", "ResourcesAvailable")
                        .equals("False: ProgressDeadlineExceeded"));
    }

    @Test
    void initialScaleMustBeReachedBeforeTheRevisionIsReady() {
        world.fates.put("one", World.Fate.SILENT);
        world.apply(hello("one")
                .replace("annotations:", "annotations:\n        autoscaling.knative.dev/initial-scale: \"2\""));
        world.await("running", () -> world.endpoints.instances().size() == 2);
        world.endpoints.put("hello-00001-pod-1", "hello-00001", true);
        world.await(
                "one is healthy",
                () -> world.condition(Kinds.REVISION, "hello-00001", "ContainerHealthy")
                        .equals("True"));
        assertThat(world.condition(Kinds.REVISION, "hello-00001", "Ready")).isEqualTo("Unknown: Deploying");
        world.endpoints.put("hello-00001-pod-2", "hello-00001", true);
        world.awaitReady("hello");
    }

    @Test
    void minimalScaleKeepsTheLatestAwakeAndLetsTheFormerSleep() {
        String minimal = "annotations:\n        autoscaling.knative.dev/min-scale: \"2\"";
        world.apply(hello("one").replace("annotations:", minimal));
        world.awaitReady("hello");
        assertThat(world.replicas("hello-00001")).isEqualTo(2);
        world.apply(hello("two").replace("annotations:", minimal));
        world.await("second", () -> world.traffic("hello").equals(List.of("hello-00002 100 latest")));
        world.passUntil("the first sleeps", () -> world.replicas("hello-00001") == 0);
        assertThat(world.replicas("hello-00002")).isEqualTo(2);
    }
}
