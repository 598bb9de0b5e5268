package dev.weft.runtime.deployment;

import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import dev.weft.resources.ResourceStore;
import dev.weft.runtime.pod.Events;
import java.util.Map;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import tools.jackson.databind.node.ObjectNode;

/**
 * Creates the pods of controllers, each from its controller's template.
 *
 * @param prepare has a last look at every new pod's document, such as to add the runtime's finalizer
 * @param random for the last part of names
 * @param events tell of every pod at its controller
 */
public record NewPods(ResourceStore store, Consumer<ObjectNode> prepare, RandomGenerator random, Events events) {

    /**
     * Creates one pod, named after its controller.
     *
     * @param labels beside the template's
     * @throws dev.weft.resources.RefusedException when the store does not take it
     */
    public Resource create(Resource controller, Map<String, String> labels) {
        return create(controller, "", labels, _ -> {});
    }

    /**
     * Creates one pod that differs from its controller's others.
     *
     * @param part of its name; may be empty
     * @param differ changes its document
     */
    public Resource create(Resource controller, String part, Map<String, String> labels, Consumer<ObjectNode> differ) {
        String prefix = controller.name() + (part.isEmpty() ? "" : "-" + part) + "-";
        Resource pod = Resource.of(Kinds.POD.key(controller.namespace(), prefix + TemplateHash.random(random)));
        ObjectNode json = pod.json();
        ObjectNode metadata = json.withObject("/metadata").put("generateName", prefix);
        PodTemplates.fill(controller.at("/spec/template"), json);
        labels.forEach(metadata.withObjectProperty("labels")::put);
        Controllers.own(controller, json);
        differ.accept(json);
        prepare.accept(json);
        Resource created = store.create(pod);
        events.normal(controller, "SuccessfulCreate", "Created pod: " + created.name());
        return created;
    }
}
