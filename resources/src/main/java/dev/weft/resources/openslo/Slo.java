package dev.weft.resources.openslo;

import dev.weft.resources.Resource;
import dev.weft.resources.reading.Fields;
import dev.weft.resources.reading.Read;
import dev.weft.resources.reading.Reading;
import java.util.List;
import java.util.Optional;

/**
 * A service level objective (OpenSLO v1).
 *
 * @param service the service that it is about
 * @param indicatorRef name of a separate SLI; empty when the indicator is inside
 */
public record Slo(
        Resource resource,
        String description,
        String service,
        Optional<Indicator> indicator,
        String indicatorRef,
        TimeWindow window,
        BudgetingMethod method,
        List<Objective> objectives) {

    public enum BudgetingMethod {
        OCCURRENCES,
        TIMESLICES,
        RATIO_TIMESLICES
    }

    /**
     * What is aimed at.
     *
     * @param target share of good events, 0 to below 1
     * @param op {@code lte}, {@code gte}, {@code lt} or {@code gt}, for threshold indicators; may be empty
     * @param value the threshold
     */
    public record Objective(String displayName, double target, String op, Optional<Double> value) {}

    public Slo {
        objectives = List.copyOf(objectives);
    }

    public static Read<Slo> read(Resource resource) {
        return Reading.of(resource, fields -> of(resource, fields));
    }

    public static Slo of(Resource resource, Fields root) {
        return root.requiredObject("spec", spec -> {
            spec.unsupported("alertPolicies");
            List<TimeWindow> windows = spec.requiredObjects("timeWindow", TimeWindow::of);
            if (windows.size() > 1) {
                spec.invalid(
                        "timeWindow", "found " + windows.size() + " windows, one is wanted.", "Leave one of them.");
            }
            BudgetingMethod method = spec.word(
                            "budgetingMethod", List.of("Occurrences", "Timeslices", "RatioTimeslices"))
                    .map(Slo::method)
                    .orElse(BudgetingMethod.OCCURRENCES);
            if (!spec.has("budgetingMethod")) {
                spec.missing("budgetingMethod", "Occurrences, Timeslices or RatioTimeslices");
            }
            Optional<Indicator> indicator = spec.object("indicator", Indicator::of);
            String reference = spec.text("indicatorRef", "");
            if (indicator.isPresent() == !reference.isEmpty()) {
                spec.invalid("", "exactly one of indicator and indicatorRef is wanted.", "Give one of them.");
            }
            return new Slo(
                    resource,
                    spec.text("description", ""),
                    spec.requiredText("service"),
                    indicator,
                    reference,
                    windows.isEmpty() ? TimeWindow.NONE : windows.getFirst(),
                    method,
                    spec.requiredObjects("objectives", Slo::objective));
        });
    }

    private static BudgetingMethod method(String word) {
        return switch (word) {
            case "Timeslices" -> BudgetingMethod.TIMESLICES;
            case "RatioTimeslices" -> BudgetingMethod.RATIO_TIMESLICES;
            default -> BudgetingMethod.OCCURRENCES;
        };
    }

    private static Objective objective(Fields objective) {
        objective.unsupported("timeSliceTarget", "timeSliceWindow", "indicator", "indicatorRef", "compositeWeight");
        Optional<Double> share = objective.number("target", 0, 1);
        Optional<Double> percent = objective.number("targetPercent", 0, 100);
        if (share.isPresent() == percent.isPresent()) {
            objective.invalid(
                    "", "exactly one of target and targetPercent is wanted.", "Write for example target: 0.999.");
        }
        double target = share.or(() -> percent.map(value -> value / 100)).orElse(0.0);
        if (target >= 1) {
            objective.invalid(
                    share.isPresent() ? "target" : "targetPercent",
                    "leaves no error budget.",
                    "Write less than 100 %.");
        }
        return new Objective(
                objective.text("displayName", ""),
                target,
                objective.word("op", List.of("lte", "gte", "lt", "gt")).orElse(""),
                objective.number("value", -Double.MAX_VALUE, Double.MAX_VALUE));
    }
}
