package dev.weft.proxy.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SplitTest {

    @Test
    void keepsTwoThousandRequestsWithinHalfAPointOfTheirShareFromAnyStart() {
        for (int seed = 0; seed < 500; seed++) {
            Split split = new Split(new int[] {90, 10}, 1, new SplittableRandom(seed));
            assertThat(share(split, 2_000, 1)).as("seed %d", seed).isCloseTo(0.10, within(0.005));
        }
    }

    @Test
    void isAsEvenForEverySecondRequest() {
        Split split = new Split(new int[] {50, 50}, 1, new SplittableRandom(3));
        assertThat(share(split, 2_000, 2)).isCloseTo(0.5, within(0.005));
    }

    @Test
    void holdsAcrossLoopsThatShareTheRequestsUnevenly() {
        Split split = new Split(new int[] {75, 25}, 2, new SplittableRandom(4));
        int second = 0;
        for (int i = 0; i < 2_000; i++) {
            second += split.choose(i % 7 == 0 ? 1 : 0);
        }
        assertThat(second / 2_000.0).isCloseTo(0.25, within(0.01));
    }

    @Test
    void neverChoosesOutsideTheWeightsHoweverLarge() {
        Split split = new Split(new int[] {Integer.MAX_VALUE, 1, Integer.MAX_VALUE}, 1, new SplittableRandom(5));
        int[] chosen = new int[3];
        for (int i = 0; i < 10_000; i++) {
            chosen[split.choose(0)]++;
        }
        assertThat(chosen[0]).isCloseTo(5_000, within(50));
        assertThat(chosen[2]).isCloseTo(5_000, within(50));
    }

    /** The second one's share of each {@code stride}-th request. */
    private static double share(Split split, int requests, int stride) {
        int second = 0;
        for (int i = 0; i < requests * stride; i++) {
            int chosen = split.choose(0);
            second += i % stride == 0 ? chosen : 0;
        }
        return (double) second / requests;
    }
}
