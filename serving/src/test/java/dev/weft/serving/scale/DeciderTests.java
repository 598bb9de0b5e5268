package dev.weft.serving.scale;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.serving.scale.Decision.Memory;
import dev.weft.serving.scale.ScalingPolicy.Aggregation;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The golden vectors of Knative's algorithm, computed from its formulas. */
class DeciderTests {

    private static final long SECOND = 1_000_000_000L;

    @ParameterizedTest
    @CsvSource({
        "0,  '',  '',  100, 70",
        "10, '',  '',  10,  7",
        "0,  50,  '',  50,  35",
        "10, 50,  '',  10,  7",
        "1,  '',  100, 1,   1",
        "0,  0.01, 1,  0.01, 0.01"
    })
    void targetIsWhatOneInstanceShouldHave(
            int concurrency, String target, String utilisation, double total, double wanted) {
        ScalingPolicy policy = policy(concurrency, "target", target, "target-utilization-percentage", utilisation);
        assertThat(policy.total()).isEqualTo(total);
        assertThat(policy.target()).isEqualTo(wanted);
    }

    @Test
    void targetOfRequestsPerSecondIs200TimesUtilisation() {
        ScalingPolicy policy = policy(0, "metric", "rps");
        assertThat(policy.total()).isEqualTo(200);
        assertThat(policy.target()).isEqualTo(140);
    }

    @ParameterizedTest
    @CsvSource({
        "71,      1,  true,  2",
        "70,      1,  true,  1",
        "0.1,     1,  true,  1",
        "0,       1,  true,  0",
        "0,       10, true,  5",
        "0,       10, false, 0",
        "1000000, 1,  true,  1000",
        "0,       0,  true,  0",
        "700,     4,  true,  10",
        "210,     3,  true,  3",
        "211,     3,  true,  4"
    })
    void desiredFollowsTheStableAverageWithinTheRates(double stable, int ready, boolean reachable, int desired) {
        assertThat(decide(ScalingPolicy.defaults(), calm(), stable, 0, ready, reachable)
                        .desired())
                .isEqualTo(desired);
    }

    @Test
    void slowRateStillGrowsByOneInstance() {
        ScalingPolicy policy = withUpRate(policy(1, "target-utilization-percentage", "100"), 1.1);
        assertThat(decide(policy, calm(), 3, 0, 2, true).desired()).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({"1, 140, true", "2, 140, false", "2, 281, true", "1, 139, true", "1, 70, false"})
    void panicBeginsWhenTwiceTheReadyInstancesAreWanted(int ready, double panic, boolean panicking) {
        Decision decision = decide(ScalingPolicy.defaults(), calm(), 0, panic, ready, true);
        assertThat(decision.memory().panicking()).isEqualTo(panicking);
    }

    @Test
    void inPanicThereIsNoWayDown() {
        Decision first = decide(ScalingPolicy.defaults(), calm(), 0, 700, 1, true);
        Decision second = Decider.decide(
                ScalingPolicy.defaults(), first.memory(), new Observation(30 * SECOND, 70, 70, 10, true));
        assertThat(first.desired()).isEqualTo(10);
        assertThat(second.desired()).isEqualTo(10);
    }

    @Test
    void panicEndsAfterAStableWindowBelowItsThreshold() {
        Decision first = decide(ScalingPolicy.defaults(), calm(), 0, 700, 1, true);
        Decision atWindow = Decider.decide(
                ScalingPolicy.defaults(), first.memory(), new Observation(60 * SECOND, 70, 70, 10, true));
        Decision after = Decider.decide(
                ScalingPolicy.defaults(), atWindow.memory(), new Observation(60 * SECOND + 1, 70, 70, 10, true));
        assertThat(atWindow.memory().panicking()).isTrue();
        assertThat(after.memory().panicking()).isFalse();
        assertThat(after.desired()).isEqualTo(5);
    }

    @Test
    void exceedingTheThresholdAgainExtendsThePanic() {
        Decision first = decide(ScalingPolicy.defaults(), calm(), 0, 700, 1, true);
        Decision again = Decider.decide(
                ScalingPolicy.defaults(), first.memory(), new Observation(50 * SECOND, 0, 1400, 10, true));
        Decision later =
                Decider.decide(ScalingPolicy.defaults(), again.memory(), new Observation(100 * SECOND, 0, 0, 20, true));
        assertThat(again.desired()).isEqualTo(20);
        assertThat(later.desired()).isEqualTo(20);
    }

    @Test
    void restartedDeciderDoesNotScaleDownBlindly() {
        Memory restarted = Memory.starting(4, 0);
        assertThat(Decider.decide(ScalingPolicy.defaults(), restarted, new Observation(SECOND, 0, 0, 4, true))
                        .desired())
                .isEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource({"0,-211", "1,-111", "2,-11", "3,89", "4,189"})
    void excessBurstTellsWhetherDirectRoutingFits(int ready, double excess) {
        assertThat(decide(ScalingPolicy.defaults(), calm(), 0, 0, ready, true).excessBurst())
                .isEqualTo(excess);
    }

    @ParameterizedTest
    @CsvSource({"0,0", "-1,-1"})
    void excessBurstIsTheCapacityWhereThatIsNoNumberOfRequests(String capacity, double excess) {
        ScalingPolicy policy = policy(0, "target-burst-capacity", capacity);
        assertThat(decide(policy, calm(), 0, 0, 3, true).excessBurst()).isEqualTo(excess);
    }

    @Test
    void activationScaleHoldsOnceThereIsDemand() {
        ScalingPolicy policy = policy(0, "activation-scale", "5");
        assertThat(decide(policy, calm(), 0.1, 0.1, 0, true).desired()).isEqualTo(5);
        assertThat(decide(policy, calm(), 0, 0, 0, true).desired()).isZero();
    }

    @Test
    void scaleDownDelayKeepsTheMostOfItsWindow() {
        ScalingPolicy policy = policy(0, "scale-down-delay", "10s");
        Decision high = Decider.decide(policy, calm(), new Observation(0, 350, 0, 5, true));
        Decision within = Decider.decide(policy, high.memory(), new Observation(9 * SECOND, 0, 0, 5, true));
        Decision after = Decider.decide(policy, within.memory(), new Observation(10 * SECOND, 0, 0, 5, true));
        assertThat(high.desired()).isEqualTo(5);
        assertThat(within.desired()).isEqualTo(5);
        assertThat(after.desired()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"60s, 10, 6", "6s, 10, 1", "60s, 100, 60", "15s, 10, 2"})
    void panicWindowIsAShareOfTheStableOneAndAtLeastASecond(String window, String share, int seconds) {
        ScalingPolicy policy = policy(0, "window", window, "panic-window-percentage", share);
        assertThat(policy.panicWindow().toSeconds()).isEqualTo(seconds);
    }

    @ParameterizedTest
    @CsvSource({"6, 0.785", "10, 0.602", "20, 0.369", "60, 0.2"})
    void newestSecondCountsMoreInAShortWindow(int seconds, double coefficient) {
        assertThat(Buckets.smoothing(seconds)).isCloseTo(coefficient, org.assertj.core.api.Assertions.within(0.0006));
    }

    @Test
    void windowCountsOnlySecondsSinceItBeganAndLaterGapsAsZero() {
        Buckets buckets = new Buckets(10);
        buckets.raise(100, 6);
        assertThat(buckets.average(100, 10, Aggregation.LINEAR)).isEqualTo(6);
        buckets.raise(102, 3);
        assertThat(buckets.average(102, 10, Aggregation.LINEAR)).isEqualTo(3);
        assertThat(buckets.average(102, 1, Aggregation.LINEAR)).isEqualTo(3);
        assertThat(buckets.average(111, 10, Aggregation.LINEAR)).isEqualTo(3);
        assertThat(buckets.average(112, 10, Aggregation.LINEAR)).isZero();
    }

    @Test
    void bothSpellingsOfAnAnnotationAreRead() {
        ScalingPolicy camel = policy(0, "minScale", "2", "maxScale", "7", "initialScale", "3");
        assertThat(camel).isEqualTo(policy(0, "min-scale", "2", "max-scale", "7", "initial-scale", "3"));
        assertThat(camel.readyAt()).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({
        "window, 5s",
        "window, 61m",
        "window, 6500ms",
        "target, 0",
        "target-utilization-percentage, 101",
        "min-scale, -1",
        "activation-scale, 1",
        "panic-threshold-percentage, 100",
        "metric, memory",
        "target-burst-capacity, -2",
        "scale-down-delay, 2h"
    })
    void valueThatCannotBeUsedIsNamedAndItsDefaultHolds(String name, String value) {
        ScalingPolicy.Read read = ScalingPolicy.read(Map.of("autoscaling.knative.dev/" + name, value), 0);
        assertThat(read.faults()).singleElement().satisfies(fault -> {
            assertThat(fault.annotation()).isEqualTo("autoscaling.knative.dev/" + name);
            assertThat(fault.message()).contains("\"" + value + "\"");
        });
        assertThat(read.policy()).isEqualTo(ScalingPolicy.defaults());
    }

    @Test
    void boundsHoldOnlyWhereTheyApply() {
        ScalingPolicy policy = policy(0, "min-scale", "2", "max-scale", "4", "initial-scale", "3");
        assertThat(policy.bounded(0, true, true)).isEqualTo(2);
        assertThat(policy.bounded(0, true, false)).isZero();
        assertThat(policy.bounded(9, true, true)).isEqualTo(4);
        assertThat(policy.bounded(0, false, true)).isEqualTo(3);
    }

    private static Memory calm() {
        return Memory.starting(0, 0);
    }

    private static Decision decide(
            ScalingPolicy policy, Memory memory, double stable, double panic, int ready, boolean reachable) {
        return Decider.decide(policy, memory, new Observation(0, stable, panic, ready, reachable));
    }

    private static ScalingPolicy policy(int concurrency, String... annotations) {
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = 0; i < annotations.length; i += 2) {
            map.put("autoscaling.knative.dev/" + annotations[i], annotations[i + 1]);
        }
        ScalingPolicy.Read read = ScalingPolicy.read(map, concurrency);
        assertThat(read.faults()).isEmpty();
        return read.policy();
    }

    private static ScalingPolicy withUpRate(ScalingPolicy policy, double rate) {
        return new ScalingPolicy(
                policy.metric(),
                policy.aggregation(),
                policy.total(),
                policy.target(),
                policy.stableWindow(),
                policy.panicWindow(),
                policy.panicThreshold(),
                rate,
                policy.maxScaleDownRate(),
                policy.minScale(),
                policy.maxScale(),
                policy.initialScale(),
                policy.activationScale(),
                policy.scaleDownDelay(),
                policy.podRetention(),
                policy.targetBurstCapacity());
    }
}
