package dev.weft.resources.apps;

import dev.weft.resources.Resource;
import dev.weft.resources.core.PodTemplate;
import dev.weft.resources.reading.Fields;
import dev.weft.resources.reading.Read;
import dev.weft.resources.reading.Reading;
import java.util.List;
import java.util.Map;

/**
 * So many pods of one template.
 *
 * @param selector labels of its pods; the template carries them
 * @param strategy how pods of an older template are replaced
 */
public record Deployment(
        Resource resource, int replicas, Map<String, String> selector, PodTemplate template, Strategy strategy) {

    public enum Strategy {
        ROLLING_UPDATE,
        RECREATE
    }

    public Deployment {
        selector = Map.copyOf(selector);
    }

    public static Read<Deployment> read(Resource resource) {
        return Reading.of(resource, fields -> of(resource, fields));
    }

    public static Deployment of(Resource resource, Fields root) {
        return root.requiredObject("spec", spec -> {
            spec.flag("paused", false);
            spec.integer("revisionHistoryLimit", 10, 0, Integer.MAX_VALUE);
            int minReady = spec.integer("minReadySeconds", 0, 0, Integer.MAX_VALUE);
            int deadline = spec.integer("progressDeadlineSeconds", 600, 1, Integer.MAX_VALUE);
            if (deadline <= minReady) {
                spec.invalid(
                        spec.has("progressDeadlineSeconds") ? "progressDeadlineSeconds" : "minReadySeconds",
                        "progressDeadlineSeconds (" + deadline + ") must be greater than minReadySeconds (" + minReady
                                + ").",
                        "Write a progressDeadlineSeconds greater than " + minReady + ".");
            }
            PodSet pods = PodSet.of(spec);
            return new Deployment(resource, pods.replicas(), pods.selector(), pods.template(), strategy(spec));
        });
    }

    private static Strategy strategy(Fields spec) {
        return spec.object("strategy", strategy -> {
                    boolean recreate = strategy.word("type", List.of("RollingUpdate", "Recreate"))
                            .filter("Recreate"::equals)
                            .isPresent();
                    if (recreate && strategy.has("rollingUpdate")) {
                        strategy.invalid(
                                "rollingUpdate",
                                "may not be specified when the type is Recreate.",
                                "Remove it, or write type: RollingUpdate.");
                    }
                    strategy.object("rollingUpdate", RollingUpdate::check);
                    return recreate ? Strategy.RECREATE : Strategy.ROLLING_UPDATE;
                })
                .orElse(Strategy.ROLLING_UPDATE);
    }
}
