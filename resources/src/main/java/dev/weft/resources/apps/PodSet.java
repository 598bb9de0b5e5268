package dev.weft.resources.apps;

import dev.weft.resources.core.LabelSelector;
import dev.weft.resources.core.PodTemplate;
import dev.weft.resources.reading.Fields;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What Deployments and ReplicaSets have in common. */
record PodSet(int replicas, Map<String, String> selector, PodTemplate template) {

    private static final int REPLICAS_MAX = 10_000;

    static PodSet of(Fields spec) {
        Map<String, String> selector = spec.requiredObject("selector", labels -> {
            LabelSelector.check(labels);
            return labels.textMap("matchLabels");
        });
        PodTemplate template = spec.requiredObject("template", PodTemplate::of);
        if (!template.labels().entrySet().containsAll(selector.entrySet())) {
            spec.invalid(
                    "selector.matchLabels",
                    selector + " does not pick the template's labels " + template.labels() + ".",
                    "Give spec.template.metadata.labels the same labels.");
        }
        JsonNode whole = spec.raw("selector");
        JsonNode expressions = whole.path("matchExpressions");
        ObjectNode alone = JsonNodeFactory.instance.objectNode();
        alone.set("matchExpressions", expressions);
        if (!expressions.isEmpty() && !LabelSelector.matches(alone, template.labels())) {
            spec.invalid(
                    "selector.matchExpressions",
                    LabelSelector.text(alone) + " does not pick the template's labels " + template.labels() + ".",
                    "Give spec.template.metadata.labels such labels.");
        }
        String restart = template.spec().restartPolicy();
        if (!restart.equals("Always")) {
            spec.invalid(
                    "template.spec.restartPolicy",
                    "Unsupported value: \"" + restart + "\": supported values: \"Always\".",
                    "Remove it, or make it a Job, whose pods may end.");
        }
        return new PodSet(spec.integer("replicas", 1, 0, REPLICAS_MAX), selector, template);
    }
}
