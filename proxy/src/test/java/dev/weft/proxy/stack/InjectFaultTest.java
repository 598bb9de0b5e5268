package dev.weft.proxy.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How many requests of many a fault happens to. */
class InjectFaultTest {

    private static final int DRAWS = 10_000;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 10, 250, 333, 500, 990, 1_000})
    void isWithinOnePointOfItsShare(int share) {
        SplittableRandom random = new SplittableRandom(5);
        int drawn = 0;
        for (int i = 0; i < DRAWS; i++) {
            drawn += InjectFault.drawn(share, random) ? 1 : 0;
        }
        assertThat(drawn / (double) DRAWS * 100).isBetween(share / 10.0 - 1, share / 10.0 + 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1_000})
    void ofNoneOrAllIsNoMatterOfChance(int share) {
        SplittableRandom random = new SplittableRandom(6);
        for (int i = 0; i < DRAWS; i++) {
            assertThat(InjectFault.drawn(share, random)).isEqualTo(share == 1_000);
        }
    }
}
