package dev.weft.runtime.deployment;

import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.DecimalNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.NumericNode;
import tools.jackson.databind.node.ObjectNode;

/** What pods are made from, told apart by {@value #HASH_LABEL}. */
final class PodTemplates {

    static final String HASH_LABEL = "pod-template-hash";

    private PodTemplates() {}

    /** Gives a pod what its template says. */
    static void fill(JsonNode template, ObjectNode pod) {
        ObjectNode metadata = pod.withObject("/metadata");
        copy(template.at("/metadata/annotations"), metadata, "annotations");
        copy(template.at("/metadata/labels"), metadata, "labels");
        copy(template.at("/spec"), pod, "spec");
    }

    /** The template without the label that tells it apart, canonical: a set's is as its Deployment wrote it. */
    static JsonNode plain(JsonNode template) {
        JsonNode copy = template.deepCopy();
        if (copy.at("/metadata/labels") instanceof ObjectNode labels) {
            labels.remove(HASH_LABEL);
            if (labels.isEmpty()) {
                ((ObjectNode) copy.get("metadata")).remove("labels");
            }
        }
        return canonical(copy);
    }

    /** The same in a form in which equal templates are equal texts: fields in order, empty values left out, numbers alike. */
    private static JsonNode canonical(JsonNode node) {
        if (node instanceof ObjectNode object) {
            Map<String, JsonNode> sorted = new TreeMap<>();
            object.forEachEntry((name, value) -> {
                JsonNode inner = canonical(value);
                if (!inner.isNull() && !(inner.isContainer() && inner.isEmpty())) {
                    sorted.put(name, inner);
                }
            });
            ObjectNode result = JsonNodeFactory.instance.objectNode();
            result.setAll(sorted);
            return result;
        }
        if (node instanceof ArrayNode array) {
            ArrayNode result = JsonNodeFactory.instance.arrayNode();
            array.forEach(item -> result.add(canonical(item)));
            return result;
        }
        return node instanceof NumericNode value && !value.isNaN() ? number(value) : node;
    }

    /** YAML's 0.5 is a decimal, JSON's a double: equal values are made equal nodes. */
    private static JsonNode number(JsonNode node) {
        BigDecimal value = node.isIntegralNumber() ? node.decimalValue() : BigDecimal.valueOf(node.doubleValue());
        return DecimalNode.valueOf(value.stripTrailingZeros());
    }

    private static void copy(JsonNode from, ObjectNode to, String field) {
        if (from.isObject()) {
            to.set(field, from.deepCopy());
        }
    }
}
