package dev.weft.runtime.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.runtime.deployment.RollingPlan.Share;
import dev.weft.runtime.deployment.RollingPlan.Strategy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

class RollingPlanTests {

    private static final Strategy ONE_MORE = new Strategy.RollingUpdate(1, 0);
    private static final Strategy RECREATE = new Strategy.Recreate();

    @Test
    void growsTheCurrentSetToWhatIsMissing() {
        assertThat(RollingPlan.of(3, ONE_MORE, List.of(current(1, 1)), 0)).isEqualTo(Map.of("new", 3));
    }

    @Test
    void shrinksEverySetAtZero() {
        assertThat(RollingPlan.of(0, ONE_MORE, List.of(old(1, 1), current(2, 0)), 1))
                .isEqualTo(Map.of("old", 0, "new", 0));
    }

    @Test
    void startsOneOfTheNewTemplateBeforeAnyOldOneGoes() {
        assertThat(RollingPlan.of(2, ONE_MORE, List.of(old(2, 2), current(0, 0)), 2))
                .isEqualTo(Map.of("old", 2, "new", 1));
    }

    @Test
    void keepsOldPodsOfWhichNothingIsKnownYet() {
        assertThat(RollingPlan.of(2, ONE_MORE, List.of(old(2, 0), current(1, 0)), 2))
                .containsEntry("old", 2);
    }

    @Test
    void takesUnavailableOldPodsFirst() {
        Share broken = new Share("broken", false, 1, 0);
        assertThat(RollingPlan.of(2, new Strategy.RollingUpdate(1, 1), List.of(broken, old(2, 2), current(0, 0)), 3))
                .isEqualTo(Map.of("broken", 0, "old", 1, "new", 0));
    }

    @Test
    void recreatesOnlyWhenAllOldOnesAreGone() {
        assertThat(RollingPlan.of(2, RECREATE, List.of(old(1, 1), current(0, 0)), 1))
                .isEqualTo(Map.of("old", 0, "new", 0));
        assertThat(RollingPlan.of(2, RECREATE, List.of(old(0, 0), current(0, 0)), 1))
                .isEqualTo(Map.of("old", 0, "new", 0));
        assertThat(RollingPlan.of(2, RECREATE, List.of(old(0, 0), current(0, 0)), 0))
                .isEqualTo(Map.of("old", 0, "new", 2));
    }

    @Test
    void aPausedDeploymentFollowsItsNumberAlone() {
        assertThat(RollingPlan.paused(3, ONE_MORE, List.of(old(2, 2), current(0, 0))))
                .isEqualTo(Map.of("old", 3, "new", 0));
        assertThat(RollingPlan.paused(4, ONE_MORE, List.of(old(2, 2), current(1, 0))))
                .isEqualTo(Map.of("old", 2, "new", 2));
        assertThat(RollingPlan.paused(0, ONE_MORE, List.of(old(2, 2), current(1, 0))))
                .isEqualTo(Map.of("old", 0, "new", 0));
    }

    @Test
    void everyChangeEndsAndNeverGoesBelowTheWantedNumber() {
        RandomGenerator random = RandomGeneratorFactory.getDefault().create(7);
        for (int round = 0; round < 200; round++) {
            int wanted = 1 + random.nextInt(6);
            Strategy.RollingUpdate strategy = new Strategy.RollingUpdate(1 + random.nextInt(3), random.nextInt(2));
            List<Share> shares = new ArrayList<>(List.of(old(wanted, wanted), current(0, 0)));
            assertThat(roll(wanted, strategy, shares, random)).isLessThan(200);
            assertThat(shares).containsExactly(old(0, 0), current(wanted, wanted));
        }
    }

    /** Lets the plan and pods that become available at random take turns; returns how often. */
    private static int roll(int wanted, Strategy.RollingUpdate strategy, List<Share> shares, RandomGenerator random) {
        int steps = 0;
        while (steps < 200 && shares.getLast().available() < wanted) {
            Map<String, Integer> sizes = RollingPlan.of(wanted, strategy, List.copyOf(shares), 0);
            shares.replaceAll(share -> {
                int size = sizes.getOrDefault(share.set(), -1);
                return new Share(share.set(), share.current(), size, Math.min(size, share.available()));
            });
            assertThat(shares.stream().mapToInt(Share::available).sum())
                    .isGreaterThanOrEqualTo(wanted - strategy.unavailable());
            assertThat(shares.stream().mapToInt(Share::size).sum()).isLessThanOrEqualTo(wanted + strategy.surge());
            shares.replaceAll(share -> share.available() < share.size() && random.nextBoolean()
                    ? new Share(share.set(), share.current(), share.size(), share.available() + 1)
                    : share);
            steps++;
        }
        int oldSize = RollingPlan.of(wanted, strategy, shares, 0).getOrDefault("old", -1);
        shares.set(0, oldSize == 0 ? old(0, 0) : shares.getFirst());
        return steps;
    }

    private static Share current(int size, int available) {
        return new Share("new", true, size, available);
    }

    private static Share old(int size, int available) {
        return new Share("old", false, size, available);
    }
}
