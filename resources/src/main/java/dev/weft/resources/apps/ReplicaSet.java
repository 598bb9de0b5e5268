package dev.weft.resources.apps;

import dev.weft.resources.Resource;
import dev.weft.resources.core.PodTemplate;
import dev.weft.resources.reading.Fields;
import java.util.Map;

/**
 * So many pods of one template, which is never rolled.
 *
 * @param selector labels of its pods; the template carries them
 */
public record ReplicaSet(Resource resource, int replicas, Map<String, String> selector, PodTemplate template) {

    public ReplicaSet {
        selector = Map.copyOf(selector);
    }

    public static ReplicaSet of(Resource resource, Fields root) {
        return root.requiredObject("spec", spec -> {
            spec.integer("minReadySeconds", 0, 0, Integer.MAX_VALUE);
            PodSet pods = PodSet.of(spec);
            return new ReplicaSet(resource, pods.replicas(), pods.selector(), pods.template());
        });
    }
}
