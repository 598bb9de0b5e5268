package dev.weft.catalog.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

final class HistogramTest {

    @Test
    void everyStepBeginsWhereTheOneBeforeEnds() {
        int before = -1;
        for (long micros = 0; micros < 3_000_000; micros++) {
            int step = Scale.step(micros);
            assertThat(step - before).isBetween(0, 1);
            before = step;
        }
    }

    @Test
    void noValueIsShownMoreThanOnePercentOff() {
        Random random = new Random(1);
        for (int i = 0; i < 10_000; i++) {
            long micros = 64 + (long) Math.exp(random.nextDouble() * 20);
            assertThat(Scale.micros(Scale.step(micros))).isCloseTo((double) micros, Percentage.withPercentage(0.8));
        }
    }

    @Test
    void aMergedHistogramHasTheQuantilesOfAllValuesTogether() {
        Random random = new Random(2);
        long[] all = random.longs(20_000, 1_000, 500_000).toArray();
        Histogram left = histogram(Arrays.copyOfRange(all, 0, 3_000));
        Histogram right = histogram(Arrays.copyOfRange(all, 3_000, all.length));
        Arrays.sort(all);

        Histogram merged = left.plus(right);

        assertThat(merged.count()).isEqualTo(all.length);
        assertThat(merged.quantileMillis(0.99).orElseThrow())
                .isCloseTo(all[19_799] / 1000.0, Percentage.withPercentage(0.8));
        assertThat(merged.minus(left).quantileMillis(0.5)).isEqualTo(right.quantileMillis(0.5));
    }

    @Test
    void aDifferenceForgetsWhatWasBefore() {
        Histogram slow = histogram(2_000_000, 2_000_000, 2_000_000);
        Histogram later = slow.plus(histogram(1_000));

        assertThat(later.minus(slow).quantileMillis(0.99).orElseThrow()).isCloseTo(1.0, within(0.01));
        assertThat(slow.minus(slow).quantileMillis(0.5)).isEmpty();
    }

    private static Histogram histogram(long... micros) {
        Cell cell = new Cell(Bounds.LATENCY, Bounds.NONE, "");
        for (long value : micros) {
            cell.latency(value * 1_000);
        }
        return cell.read().latency();
    }
}
