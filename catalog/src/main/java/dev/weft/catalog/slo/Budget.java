package dev.weft.catalog.slo;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Optional;

/**
 * The error budget of one objective over one window, by occurrences: exact, from counted requests alone.
 *
 * @param target share of good requests aimed at, 0 to below 1
 * @param total requests counted
 * @param bad of those
 */
public record Budget(BigDecimal target, long total, long bad) {

    public Budget {
        if (target.signum() < 0 || target.compareTo(BigDecimal.ONE) >= 0) {
            throw new IllegalArgumentException("target: " + target + " (expected: 0 or more, below 1)");
        }
        if (bad < 0 || bad > total) {
            throw new IllegalArgumentException("bad: " + bad + " (expected: 0 to " + total + ")");
        }
    }

    /** Of a target that was read as a double from decimal text; such as 0.999, or 99.9 divided by 100. */
    static Budget of(double target, long total, long bad) {
        BigDecimal decimal = BigDecimal.valueOf(target).setScale(12, RoundingMode.HALF_EVEN);
        return new Budget(decimal.signum() == 0 ? BigDecimal.ZERO : decimal.stripTrailingZeros(), total, bad);
    }

    /** The share of good requests; empty without any, because no data is neither good nor bad. */
    public Optional<Double> indicator() {
        return total == 0 ? Optional.empty() : Optional.of((total - bad) / (double) total);
    }

    /** How many bad requests the target allows for so many requests: {@code (1 - target) · total}, exact. */
    public BigDecimal allowed() {
        return BigDecimal.ONE.subtract(target).multiply(BigDecimal.valueOf(total));
    }

    /** How many more may go bad; negative once the budget is spent. */
    public BigDecimal remaining() {
        return allowed().subtract(BigDecimal.valueOf(bad));
    }

    /** The share of the budget that is left, 1 for all; negative once it is spent; empty without data. */
    public Optional<Double> remainingShare() {
        return total == 0
                ? Optional.empty()
                : Optional.of(
                        remaining().divide(allowed(), MathContext.DECIMAL64).doubleValue());
    }

    /** How many times faster than allowed the budget is being spent: 1 spends just all of it; empty without data. */
    public Optional<Double> burnRate() {
        return total == 0
                ? Optional.empty()
                : Optional.of(BigDecimal.valueOf(bad)
                        .divide(allowed(), MathContext.DECIMAL64)
                        .doubleValue());
    }

    /** Whether the target is met; empty without data. */
    public Optional<Boolean> met() {
        return total == 0 ? Optional.empty() : Optional.of(remaining().signum() >= 0);
    }
}
