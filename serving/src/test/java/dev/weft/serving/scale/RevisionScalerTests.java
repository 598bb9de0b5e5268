package dev.weft.serving.scale;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.workload.ServiceName;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A revision's life in virtual time: seconds pass one by one, instances come and go as they are wanted. */
class RevisionScalerTests {

    private static final long SECOND = 1_000_000_000L;

    private final Map<String, String> annotations = new LinkedHashMap<>(Map.of("autoscaling.knative.dev/window", "6s"));
    private long now = 1_000 * SECOND;
    private int concurrency;
    private boolean initialised = true;
    private boolean reachable = true;
    private boolean abandoned;
    private int wanted;
    private int ready;
    private int waiting;
    private RevisionScaler scaler = start();

    @Test
    void firstRequestWakesOneInstanceAtOnce() {
        request();
        waiting = 1;
        decide(true);
        assertThat(wanted).isEqualTo(1);
    }

    @Test
    void goesToZeroAfterItsWindowAndGraceOfSilence() {
        wake();
        respond();
        int seconds = secondsUntil(0);
        assertThat(seconds).isBetween(6, 12);
    }

    @Test
    void staysWhileARequestIsInFlightHoweverLong() {
        wake();
        pass(120);
        assertThat(wanted).isEqualTo(1);
        respond();
        assertThat(secondsUntil(0)).isBetween(6, 12);
    }

    @Test
    void requestOnTheWayToZeroKeepsTheInstance() {
        wake();
        respond();
        pass(7);
        request();
        pass(20);
        assertThat(wanted).isEqualTo(1);
    }

    @Test
    void shortRequestsNowAndThenKeepItAwake() {
        wake();
        respond();
        for (int i = 0; i < 20; i++) {
            pass(4);
            request();
            now += 3_000_000;
            respond();
            assertThat(wanted).isEqualTo(1);
        }
    }

    @Test
    void growsWithConcurrencyAndShrinksStepByStepToZero() {
        wake();
        requests(699); // 700 in flight
        pass(2);
        assertThat(wanted).isEqualTo(10);
        respond(700);
        assertThat(secondsUntil(5)).isLessThan(20);
        assertThat(secondsUntil(0)).isLessThan(20);
    }

    @Test
    void hundredRequestsAtOnceFromZeroGetAllTheInstancesAllowed() {
        concurrency = 1;
        annotations.put("autoscaling.knative.dev/max-scale", "10");
        scaler = start();
        requests(100);
        waiting = 100;
        decide(true);
        assertThat(wanted).isEqualTo(10);
    }

    @Test
    void newRevisionKeepsItsInitialScaleUntilItWasReached() {
        initialised = false;
        annotations.put("autoscaling.knative.dev/initial-scale", "2");
        scaler = start();
        wanted = 2;
        pass(60);
        assertThat(wanted).isEqualTo(2);
        initialised = true;
        revise();
        ready = 2;
        assertThat(secondsUntil(0)).isLessThan(30);
    }

    @Test
    void minimalScaleHoldsOnlyWhileARouteRefersToIt() {
        annotations.put("autoscaling.knative.dev/min-scale", "2");
        scaler = start();
        wanted = 2;
        ready = 2;
        pass(60);
        assertThat(wanted).isEqualTo(2);
        reachable = false;
        revise();
        assertThat(secondsUntil(0)).isLessThan(20);
    }

    @Test
    void retentionKeepsTheLastInstanceLonger() {
        annotations.put("autoscaling.knative.dev/scale-to-zero-pod-retention-period", "30s");
        scaler = start();
        wake();
        respond();
        assertThat(secondsUntil(0)).isBetween(35, 42);
    }

    @Test
    void restartedPlatformKeepsWhatRunsForAWindowAtLeast() {
        wanted = 5;
        ready = 5;
        pass(6);
        assertThat(wanted).isEqualTo(5);
        assertThat(secondsUntil(0)).isLessThan(30);
    }

    @Test
    void restartedPlatformDoesNotStopALoneInstanceAtOnce() {
        wanted = 1;
        ready = 1;
        pass(5);
        assertThat(wanted).isEqualTo(1);
    }

    @Test
    void instanceThatStartsSlowlyIsGivenItsTimeThoughTheCallerHasLeft() {
        request();
        waiting = 1;
        decide(true);
        waiting = 0;
        respond();
        ready = 0;
        for (int i = 0; i < 600; i++) {
            now += SECOND;
            decide(false);
        }
        assertThat(wanted).isEqualTo(1);
        for (int i = 0; i < 60; i++) {
            now += SECOND;
            decide(false);
        }
        assertThat(wanted).isZero();
    }

    @Test
    void abandonedRevisionGoesToZeroAndIsTriedAgainWhenAsked() {
        initialised = false;
        abandoned = true;
        scaler = start();
        wanted = 1;
        ready = 0;
        decide(true);
        assertThat(wanted).isZero();
        request();
        waiting = 1;
        decide(true);
        assertThat(wanted).isEqualTo(1);
    }

    @Test
    void requestsPerSecondAreCountedWhenTheyAreTheMetric() {
        annotations.put("autoscaling.knative.dev/metric", "rps");
        annotations.put("autoscaling.knative.dev/target", "10");
        scaler = start();
        wake();
        respond();
        for (int i = 0; i < 10; i++) {
            requests(42);
            respond(42);
            pass(1);
        }
        assertThat(wanted).isEqualTo(6);
    }

    @Test
    void demandIsWeightedByTime() {
        Demand demand = new Demand(0);
        Demand.Sampler sampler = demand.new Sampler();
        demand.started(0);
        demand.started(SECOND / 2);
        demand.ended(SECOND * 3 / 4);
        Demand.Sample sample = sampler.sample(SECOND);
        assertThat(sample.concurrency()).isEqualTo(1.25);
        assertThat(sample.perSecond()).isEqualTo(2);
        assertThat(sampler.sample(2 * SECOND).concurrency()).isEqualTo(1);
    }

    private void wake() {
        request();
        waiting = 1;
        decide(true);
        waiting = 0;
        ready = wanted;
    }

    private void request() {
        requests(1);
    }

    private void requests(int count) {
        for (int i = 0; i < count; i++) {
            scaler.demand().started(now);
        }
    }

    private void respond() {
        respond(1);
    }

    private void respond(int count) {
        for (int i = 0; i < count; i++) {
            scaler.demand().ended(now);
        }
    }

    private void pass(int seconds) {
        for (int i = 0; i < seconds; i++) {
            now += SECOND;
            decide(false);
            ready = initialised ? wanted : ready;
        }
    }

    private int secondsUntil(int instances) {
        for (int seconds = 1; seconds <= 300; seconds++) {
            pass(1);
            if (wanted <= instances) {
                return seconds;
            }
        }
        return Integer.MAX_VALUE;
    }

    private void decide(boolean urgent) {
        wanted = scaler.decide(now, wanted, ready, waiting, urgent).instances();
    }

    private RevisionScaler start() {
        return new RevisionScaler(revision(), Duration.ofSeconds(1), Duration.ofSeconds(630), now);
    }

    private void revise() {
        scaler.revise(revision());
    }

    private ScaledRevision revision() {
        return new ScaledRevision(
                new ServiceName("default", "hello-00001"),
                ScalingPolicy.read(annotations, concurrency).policy(),
                initialised,
                reachable,
                abandoned);
    }
}
