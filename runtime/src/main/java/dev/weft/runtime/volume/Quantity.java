package dev.weft.runtime.volume;

import java.math.BigDecimal;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Kubernetes' quantities, as far as memory and processors need them. */
public final class Quantity {

    private static final Pattern FORM = Pattern.compile("([0-9]*\\.?[0-9]+)(m|k|Ki|M|Mi|G|Gi|T|Ti)?");
    private static final Map<String, BigDecimal> FACTORS = Map.of(
            "m", new BigDecimal("0.001"),
            "k", BigDecimal.valueOf(1000),
            "Ki", BigDecimal.valueOf(1024),
            "M", BigDecimal.valueOf(1000_000),
            "Mi", BigDecimal.valueOf(1L << 20),
            "G", BigDecimal.valueOf(1000_000_000),
            "Gi", BigDecimal.valueOf(1L << 30),
            "T", BigDecimal.valueOf(1000_000_000_000L),
            "Ti", BigDecimal.valueOf(1L << 40));

    private Quantity() {}

    /** As a whole number; 0 for nothing, or for what is no quantity. */
    public static long bytes(String text) {
        return number(text).longValue();
    }

    /** In thousandths, as of processors. */
    public static long thousandths(String text) {
        return number(text).movePointRight(3).longValue();
    }

    private static BigDecimal number(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return BigDecimal.ZERO;
        }
        String unit = matcher.group(2);
        BigDecimal factor = unit == null ? BigDecimal.ONE : FACTORS.getOrDefault(unit, BigDecimal.ONE);
        return new BigDecimal(matcher.group(1)).multiply(factor);
    }
}
