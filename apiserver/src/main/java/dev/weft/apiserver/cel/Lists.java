package dev.weft.apiserver.cel;

import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.TypeParamType;
import dev.cel.runtime.CelEvaluationException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** {@code isSorted}, {@code sum}, {@code min}, {@code max}, {@code indexOf} and {@code lastIndexOf} of lists. */
final class Lists {

    private static final TypeParamType ANY = TypeParamType.create("T");
    private static final ListType LIST = ListType.create(ANY);

    private Lists() {}

    static void declare(Library library) {
        library.member("isSorted", SimpleType.BOOL, List.of(LIST), it -> isSorted(list(it[0])));
        library.member("min", ANY, List.of(LIST), it -> extreme("min", list(it[0]), -1));
        library.member("max", ANY, List.of(LIST), it -> extreme("max", list(it[0]), 1));
        library.member("indexOf", SimpleType.INT, List.of(LIST, ANY), it ->
                (long) list(it[0]).indexOf(it[1]));
        library.member("lastIndexOf", SimpleType.INT, List.of(LIST, ANY), it ->
                (long) list(it[0]).lastIndexOf(it[1]));
        for (CelType type : List.of(SimpleType.INT, SimpleType.DOUBLE, SimpleType.DURATION)) {
            library.member("sum", type, List.of(ListType.create(type)), it -> sum(list(it[0]), type));
        }
    }

    private static List<?> list(Object value) {
        return (List<?>) value;
    }

    private static boolean isSorted(List<?> list) throws CelEvaluationException {
        for (int i = 1; i < list.size(); i++) {
            if (compare(list.get(i - 1), list.get(i)) > 0) {
                return false;
            }
        }
        return true;
    }

    private static Object extreme(String name, List<?> list, int sign) throws CelEvaluationException {
        if (list.isEmpty()) {
            throw new CelEvaluationException(name + " called on empty list");
        }
        Object best = list.getFirst();
        for (Object item : list) {
            best = compare(item, best) * sign > 0 ? item : best;
        }
        return best;
    }

    private static Object sum(List<?> list, CelType type) throws CelEvaluationException {
        try {
            if (type.equals(SimpleType.DURATION)) {
                return list.stream().map(Duration.class::cast).reduce(Duration.ZERO, Duration::plus);
            }
            if (list.stream().allMatch(Long.class::isInstance) && !type.equals(SimpleType.DOUBLE)) {
                return list.stream().mapToLong(Long.class::cast).reduce(0, Math::addExact);
            }
            return list.stream()
                    .mapToDouble(item -> ((Number) item).doubleValue())
                    .sum();
        } catch (ArithmeticException | ClassCastException e) {
            throw new CelEvaluationException("sum: " + e.getMessage(), e);
        }
    }

    private static int compare(Object a, Object b) throws CelEvaluationException {
        if (a instanceof Number first && b instanceof Number second) {
            return first instanceof Long left && second instanceof Long right
                    ? Long.compare(left, right)
                    : Double.compare(first.doubleValue(), second.doubleValue());
        }
        if (a instanceof String first && b instanceof String second) {
            return first.compareTo(second);
        }
        if (a instanceof Boolean first && b instanceof Boolean second) {
            return first.compareTo(second);
        }
        if (a instanceof Instant first && b instanceof Instant second) {
            return first.compareTo(second);
        }
        if (a instanceof Duration first && b instanceof Duration second) {
            return first.compareTo(second);
        }
        throw new CelEvaluationException("no such overload: these items have no order");
    }
}
