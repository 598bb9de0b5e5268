package dev.weft.runtime.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.runtime.deployment.RollingPlan.Replica;
import dev.weft.runtime.deployment.RollingPlan.Strategy;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

class RollingPlanTests {

    private static final Strategy ONE_MORE = new Strategy.RollingUpdate(1, 0);

    @Test
    void createsWhatIsMissing() {
        assertThat(RollingPlan.of(3, ONE_MORE, List.of(ready("a", true)), 0)).isEqualTo(new RollingPlan(2, List.of()));
    }

    @Test
    void deletesUnreadyAndYoungPodsFirst() {
        Replica old = new Replica("old", true, true, "2026-01-01T00:00:00Z");
        Replica young = new Replica("young", true, true, "2026-01-02T00:00:00Z");
        Replica unready = new Replica("unready", true, false, "2026-01-01T00:00:00Z");
        assertThat(RollingPlan.of(1, ONE_MORE, List.of(old, young, unready), 0).delete())
                .containsExactly(unready, young);
    }

    @Test
    void deletesEverythingAtZero() {
        List<Replica> pods = List.of(ready("a", true), ready("b", false), unready("c", false));
        assertThat(RollingPlan.of(0, ONE_MORE, pods, 0).delete()).hasSameElementsAs(pods);
    }

    @Test
    void startsOneOfTheNewTemplateBeforeAnyOldOneGoes() {
        RollingPlan plan = RollingPlan.of(2, ONE_MORE, List.of(ready("a", false), ready("b", false)), 0);
        assertThat(plan).isEqualTo(new RollingPlan(1, List.of()));
    }

    @Test
    void keepsOldPodsOfWhichNothingIsKnownYet() {
        List<Replica> pods = List.of(unready("a", false), unready("b", false), unready("new", true));
        assertThat(RollingPlan.of(2, ONE_MORE, pods, 0).delete()).isEmpty();
    }

    @Test
    void recreatesOnlyWhenAllOldOnesAreGone() {
        Strategy recreate = new Strategy.Recreate();
        assertThat(RollingPlan.of(2, recreate, List.of(ready("a", false)), 0).create())
                .isZero();
        assertThat(RollingPlan.of(2, recreate, List.of(), 1).create()).isZero();
        assertThat(RollingPlan.of(2, recreate, List.of(), 0).create()).isEqualTo(2);
    }

    @Test
    void everyChangeEndsAndNeverGoesBelowTheWantedNumber() {
        RandomGenerator random = RandomGeneratorFactory.getDefault().create(7);
        for (int round = 0; round < 200; round++) {
            int wanted = 1 + random.nextInt(6);
            Strategy.RollingUpdate strategy = new Strategy.RollingUpdate(1 + random.nextInt(3), random.nextInt(2));
            List<Replica> pods = new ArrayList<>();
            for (int i = 0; i < wanted; i++) {
                pods.add(ready("old-" + i, false));
            }
            int steps = roll(wanted, strategy, pods, random);
            assertThat(steps).isLessThan(200);
            assertThat(pods).hasSize(wanted).allMatch(Replica::current);
        }
    }

    /** Lets the plan and pods that become ready at random take turns; returns how often. */
    private static int roll(int wanted, Strategy.RollingUpdate strategy, List<Replica> pods, RandomGenerator random) {
        int steps = 0;
        while (steps < 200 && !(pods.size() == wanted && pods.stream().allMatch(pod -> pod.current() && pod.ready()))) {
            RollingPlan plan = RollingPlan.of(wanted, strategy, List.copyOf(pods), 0);
            pods.removeAll(plan.delete());
            for (int i = 0; i < plan.create(); i++) {
                pods.add(unready("new-" + steps + "-" + i, true));
            }
            assertThat(pods.stream().filter(Replica::ready).count())
                    .isGreaterThanOrEqualTo(wanted - strategy.unavailable());
            assertThat(pods.size()).isLessThanOrEqualTo(wanted + strategy.surge());
            pods.replaceAll(pod -> random.nextBoolean() ? new Replica(pod.name(), pod.current(), true, "") : pod);
            steps++;
        }
        return steps;
    }

    private static Replica ready(String name, boolean current) {
        return new Replica(name, current, true, "");
    }

    private static Replica unready(String name, boolean current) {
        return new Replica(name, current, false, "");
    }
}
