package dev.weft.resources.reading;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Kubernetes' quantities: a decimal number with a suffix of powers of ten or of two. */
public final class Quantity {

    private static final Pattern FORM =
            Pattern.compile("([+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d{1,2})?)([a-zA-Z]*)");
    private static final Map<String, BigDecimal> FACTORS = Map.ofEntries(
            Map.entry("", BigDecimal.ONE),
            Map.entry("m", new BigDecimal("0.001")),
            Map.entry("k", BigDecimal.valueOf(1_000)),
            Map.entry("M", BigDecimal.valueOf(1_000_000)),
            Map.entry("G", BigDecimal.valueOf(1_000_000_000L)),
            Map.entry("T", BigDecimal.valueOf(1_000_000_000_000L)),
            Map.entry("Ki", BigDecimal.valueOf(1L << 10)),
            Map.entry("Mi", BigDecimal.valueOf(1L << 20)),
            Map.entry("Gi", BigDecimal.valueOf(1L << 30)),
            Map.entry("Ti", BigDecimal.valueOf(1L << 40)));

    private Quantity() {}

    /** In thousandths, rounded up; empty when it is no quantity. */
    public static Optional<Long> millis(String text) {
        Matcher matcher = FORM.matcher(text.strip());
        if (text.length() > 40 || !matcher.matches() || !FACTORS.containsKey(matcher.group(2))) {
            return Optional.empty();
        }
        BigDecimal millis = new BigDecimal(matcher.group(1))
                .multiply(FACTORS.getOrDefault(matcher.group(2), BigDecimal.ONE))
                .multiply(BigDecimal.valueOf(1_000))
                .setScale(0, RoundingMode.CEILING);
        return millis.abs().compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0
                ? Optional.empty()
                : Optional.of(millis.longValue());
    }
}
