package dev.weft.resources.apps;

import dev.weft.resources.Resource;
import dev.weft.resources.core.LabelSelector;
import dev.weft.resources.reading.Fields;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** How many of some pods have to stay when others are evicted (policy/v1 PodDisruptionBudget). */
public record DisruptionBudget(Resource resource) {

    private static final Pattern PERCENT = Pattern.compile("[0-9]{1,3}%");

    public static DisruptionBudget of(Resource resource, Fields root) {
        return root.requiredObject("spec", spec -> {
            spec.object("selector", LabelSelector::check);
            number(spec, "minAvailable");
            number(spec, "maxUnavailable");
            spec.word("unhealthyPodEvictionPolicy", List.of("IfHealthyBudget", "AlwaysAllow"));
            if (spec.has("minAvailable") && spec.has("maxUnavailable")) {
                spec.invalid(
                        "maxUnavailable", "minAvailable and maxUnavailable cannot be both set.", "Remove one of them.");
            }
            return new DisruptionBudget(resource);
        });
    }

    private static void number(Fields spec, String name) {
        if (spec.raw(name).isNumber()) {
            spec.integer(name, 0, 0, Integer.MAX_VALUE);
            return;
        }
        Optional<String> text = spec.text(name);
        boolean good = text.isEmpty()
                || (PERCENT.matcher(text.get()).matches()
                        && Integer.parseInt(text.get(), 0, text.get().length() - 1, 10) <= 100);
        if (!good) {
            spec.invalid(
                    name,
                    "\"" + text.get() + "\" is neither a number of pods nor a percentage up to 100%.",
                    "Write for example 1 or \"50%\".");
        }
    }
}
