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
            spec.inert("revisionHistoryLimit", "minReadySeconds", "progressDeadlineSeconds", "paused");
            PodSet pods = PodSet.of(spec);
            return new Deployment(resource, pods.replicas(), pods.selector(), pods.template(), strategy(spec));
        });
    }

    private static Strategy strategy(Fields spec) {
        return spec.object("strategy", strategy -> {
                    strategy.inert("rollingUpdate");
                    boolean recreate = strategy.word("type", List.of("RollingUpdate", "Recreate"))
                            .filter("Recreate"::equals)
                            .isPresent();
                    return recreate ? Strategy.RECREATE : Strategy.ROLLING_UPDATE;
                })
                .orElse(Strategy.ROLLING_UPDATE);
    }
}
