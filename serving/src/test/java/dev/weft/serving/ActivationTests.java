package dev.weft.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.model.workload.ServiceName;
import dev.weft.resources.Kinds;
import dev.weft.serving.activation.Activation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Waking a revision, putting it to sleep, and what may happen in between. */
class ActivationTests {

    private static final ServiceName REVISION = new ServiceName("default", "hello-00001");
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final World world = new World();

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void waitingRequestWakesASleepingRevisionAndLeavesItsTimes() throws Exception {
        sleepingHello();
        world.requestStarts("hello-00001");
        await(PATIENCE).get(60, TimeUnit.SECONDS);
        assertThat(world.replicas("hello-00001")).isEqualTo(1);
        List<Activation> recent = world.serving.recentActivations(REVISION);
        assertThat(recent).hasSize(1);
        assertThat(recent.getFirst().failure()).isEmpty();
        assertThat(recent.getFirst().decided()).isPresent();
        assertThat(recent.getFirst().podCreated()).isPresent();
        assertThat(recent.getFirst().processStarted()).isPresent();
        assertThat(recent.getFirst().ready()).isPresent();
    }

    @Test
    void requestsThatWaitTogetherAreLetGoTogether() throws Exception {
        sleepingHello();
        List<CompletableFuture<Void>> requests = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            world.requestStarts("hello-00001");
            requests.add(await(PATIENCE));
        }
        CompletableFuture.allOf(requests.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
        assertThat(world.serving.scaling(REVISION).orElseThrow().wanted()).isPositive();
    }

    @Test
    void requestIsToldTheExitCodeAndTheLastWords() throws Exception {
        sleepingHello();
        world.fates.put("one", World.Fate.EXITS);
        world.requestStarts("hello-00001");
        assertThatThrownBy(() -> await(PATIENCE).get(60, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("ExitCode3")
                .hasMessageContaining("no such table: users");
        world.await(
                "told",
                () -> world.condition(Kinds.REVISION, "hello-00001", "Ready").equals("False: ExitCode3"));
        assertThat(world.condition(Kinds.REVISION, "hello-00001", "ResourcesAvailable"))
                .isEqualTo("True");
    }

    @Test
    void revisionThatFailedToWakeHealsWithItsNextInstance() throws Exception {
        sleepingHello();
        world.fates.put("one", World.Fate.IMAGE_NOT_LOCAL);
        world.requestStarts("hello-00001");
        assertThatThrownBy(() -> await(PATIENCE).get(60, TimeUnit.SECONDS)).hasMessageContaining("ImageNotLocal");
        world.await(
                "told",
                () -> world.condition(Kinds.KNATIVE_SERVICE, "hello", "Ready").startsWith("False"));
        String pod = world.store.list(Kinds.POD).getFirst().name();
        world.endpoints.put(pod, "hello-00001", true);
        world.awaitReady("hello");
        await(PATIENCE).get(60, TimeUnit.SECONDS);
    }

    @Test
    void requestIsLetGoWhenItsPatienceEnds() {
        sleepingHello();
        world.fates.put("one", World.Fate.SILENT);
        world.requestStarts("hello-00001");
        assertThatThrownBy(() -> await(Duration.ofMillis(50)).get(60, TimeUnit.SECONDS))
                .hasCauseInstanceOf(TimeoutException.class)
                .hasMessageContaining("50 ms");
    }

    @Test
    void nameThatIsNoRevisionIsRefusedAtOnce() {
        assertThatThrownBy(() -> world.serving
                        .awaitEndpoint(new ServiceName("default", "other"), PATIENCE)
                        .toCompletableFuture()
                        .get(60, TimeUnit.SECONDS))
                .hasMessageContaining("default/other is no revision");
    }

    @Test
    void instanceThatIsLeavingIsNotGivenToARequest() throws Exception {
        world.lingering = true;
        world.apply(Hello.hello("one"));
        world.awaitReady("hello");
        world.passUntil("asleep", () -> world.replicas("hello-00001") == 0);
        world.requestStarts("hello-00001");
        await(PATIENCE).get(60, TimeUnit.SECONDS);
        Activation newest = world.serving.recentActivations(REVISION).getLast();
        assertThat(newest.pod()).contains("hello-00001-pod-2");
    }

    @Test
    void noRequestIsLostInAHundredCyclesToZeroAndBack() throws Exception {
        sleepingHello();
        for (int i = 0; i < 100; i++) {
            world.requestStarts("hello-00001");
            await(PATIENCE).get(60, TimeUnit.SECONDS);
            world.requestEnds("hello-00001");
            int seconds = i % 12; // sometimes too soon to sleep, sometimes just on the way, sometimes asleep
            for (int second = 0; second < seconds; second++) {
                world.pass(Duration.ofSeconds(1));
            }
        }
        world.passUntil("asleep", () -> world.replicas("hello-00001") == 0);
    }

    @Test
    void requestWhoseInstanceIsStoppedUnderItWakesTheRevisionAgain() {
        world.apply(Hello.hello("one"));
        world.awaitReady("hello");
        world.passUntil("asleep", () -> world.replicas("hello-00001") == 0);
        world.requestStarts("hello-00001"); // routed to the instance that is just leaving; nobody asks for capacity
        world.passUntil("awake", () -> world.replicas("hello-00001") == 1);
    }

    @Test
    void restartedPlatformLeavesASleepingRevisionAsleepAndReady() {
        sleepingHello();
        Serving restarted = new Serving(world.store, world.endpoints, ServingOptions.defaults());
        restarted.start();
        world.await("known", () -> restarted.scaling(REVISION).isPresent());
        for (int i = 0; i < 5; i++) {
            restarted.tick();
        }
        restarted.close();
        assertThat(world.replicas("hello-00001")).isZero();
        assertThat(world.condition(Kinds.KNATIVE_SERVICE, "hello", "Ready")).isEqualTo("True");
    }

    @Test
    void changesOfScaleAreExplainedAsEvents() {
        sleepingHello();
        world.await(
                "told",
                () -> world.at(Kinds.EVENT, "hello-00001.scaledtozero", "/message")
                        .asString("")
                        .contains("no request for 6 s"));
        assertThat(world.at(Kinds.EVENT, "hello-00001.scaledtozero", "/involvedObject/kind")
                        .asString(""))
                .isEqualTo("Revision");
        assertThat(world.serving.scaling(REVISION).orElseThrow().changes()).isNotEmpty();
    }

    private void sleepingHello() {
        world.apply(Hello.hello("one"));
        world.awaitReady("hello");
        world.passUntil("asleep", () -> world.replicas("hello-00001") == 0);
        world.await("its instance has left", () -> world.endpoints.instances().isEmpty());
    }

    private CompletableFuture<Void> await(Duration patience) {
        return world.serving.awaitEndpoint(REVISION, patience).toCompletableFuture();
    }
}
