package dev.weft.apiserver.cel;

import dev.cel.common.types.CelType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelEvaluationException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Amounts such as {@code 500m} or {@code 64Mi}, exactly. */
final class Quantities {

    static final String NAME = "kubernetes.Quantity";

    /** An amount; two are equal when they are the same number. */
    record Amount(BigDecimal number) implements Comparable<Amount> {
        Amount {
            number = number.stripTrailingZeros();
        }

        @Override
        public int compareTo(Amount other) {
            return number.compareTo(other.number);
        }
    }

    private static final CelType QUANTITY = OpaqueType.create(NAME);
    private static final Pattern FORM =
            Pattern.compile("([+-]?(?:\\d+\\.?\\d*|\\.\\d+))(?:[eE]([+-]?\\d{1,2})|(n|u|m|k|[KMGTPE]i|[MGTPE])?)");
    private static final Map<String, BigDecimal> FACTORS = Map.ofEntries(
            Map.entry("n", new BigDecimal("1e-9")),
            Map.entry("u", new BigDecimal("1e-6")),
            Map.entry("m", new BigDecimal("1e-3")),
            Map.entry("k", new BigDecimal("1e3")),
            Map.entry("M", new BigDecimal("1e6")),
            Map.entry("G", new BigDecimal("1e9")),
            Map.entry("T", new BigDecimal("1e12")),
            Map.entry("P", new BigDecimal("1e15")),
            Map.entry("E", new BigDecimal("1e18")),
            Map.entry("Ki", BigDecimal.valueOf(1L << 10)),
            Map.entry("Mi", BigDecimal.valueOf(1L << 20)),
            Map.entry("Gi", BigDecimal.valueOf(1L << 30)),
            Map.entry("Ti", BigDecimal.valueOf(1L << 40)),
            Map.entry("Pi", BigDecimal.valueOf(1L << 50)),
            Map.entry("Ei", BigDecimal.valueOf(1L << 60)));

    private Quantities() {}

    static void declare(Library library) {
        List<CelType> one = List.of(QUANTITY);
        List<CelType> two = List.of(QUANTITY, QUANTITY);
        library.function(
                "isQuantity",
                SimpleType.BOOL,
                List.of(SimpleType.STRING),
                it -> parse((String) it[0]).isPresent());
        library.function(
                "quantity",
                QUANTITY,
                List.of(SimpleType.STRING),
                it -> parse((String) it[0])
                        .orElseThrow(() -> new CelEvaluationException("quantities must match the regular expression"
                                + " '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'")));
        library.member("sign", SimpleType.INT, one, it -> (long) of(it[0]).signum());
        library.member(
                "isInteger",
                SimpleType.BOOL,
                one,
                it -> of(it[0]).scale() <= 0 && of(it[0]).toBigInteger().bitLength() < 64);
        library.member("asInteger", SimpleType.INT, one, it -> {
            try {
                return of(it[0]).longValueExact();
            } catch (ArithmeticException e) {
                throw new CelEvaluationException("cannot convert value to integer", e);
            }
        });
        library.member(
                "asApproximateFloat", SimpleType.DOUBLE, one, it -> of(it[0]).doubleValue());
        library.member("add", QUANTITY, two, it -> new Amount(of(it[0]).add(of(it[1]))));
        library.member("sub", QUANTITY, two, it -> new Amount(of(it[0]).subtract(of(it[1]))));
        List<CelType> number = List.of(QUANTITY, SimpleType.INT);
        library.member("add", QUANTITY, number, it -> new Amount(of(it[0]).add(BigDecimal.valueOf((Long) it[1]))));
        library.member("sub", QUANTITY, number, it -> new Amount(of(it[0]).subtract(BigDecimal.valueOf((Long) it[1]))));
        library.member("isLessThan", SimpleType.BOOL, two, it -> of(it[0]).compareTo(of(it[1])) < 0);
        library.member("isGreaterThan", SimpleType.BOOL, two, it -> of(it[0]).compareTo(of(it[1])) > 0);
        library.member("compareTo", SimpleType.INT, two, it -> (long) of(it[0]).compareTo(of(it[1])));
    }

    private static BigDecimal of(Object amount) {
        return ((Amount) amount).number();
    }

    private static Optional<Amount> parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (text.length() > 60 || !matcher.matches()) {
            return Optional.empty();
        }
        BigDecimal number = new BigDecimal(matcher.group(1));
        if (matcher.group(2) != null) {
            return Optional.of(new Amount(number.scaleByPowerOfTen(Integer.parseInt(matcher.group(2)))));
        }
        BigDecimal factor = matcher.group(3) == null ? BigDecimal.ONE : FACTORS.get(matcher.group(3));
        return Optional.ofNullable(factor).map(number::multiply).map(Amount::new);
    }
}
