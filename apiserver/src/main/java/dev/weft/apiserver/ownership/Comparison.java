package dev.weft.apiserver.ownership;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * What differs between two documents.
 *
 * @param set places that are new or have another value
 * @param gone places that are there no longer
 */
record Comparison(FieldSet set, FieldSet gone) {

    private static final Comparison SAME = new Comparison(FieldSet.EMPTY, FieldSet.EMPTY);

    static Comparison of(Shape shape, JsonNode before, JsonNode after) {
        if (before.equals(after)) {
            return SAME;
        }
        if (before.isMissingNode()) {
            return new Comparison(FieldSet.of(shape, after), FieldSet.EMPTY);
        }
        if (after.isMissingNode()) {
            return new Comparison(FieldSet.EMPTY, FieldSet.of(shape, before));
        }
        Optional<Map<String, JsonNode>> old = Elements.of(shape, before);
        Optional<Map<String, JsonNode>> now = Elements.of(shape, after);
        boolean alike = before.getNodeType() == after.getNodeType();
        if (!alike || old.isEmpty() || now.isEmpty()) {
            return new Comparison(
                    FieldSet.of(shape, after), FieldSet.of(shape, before).without(FieldSet.of(shape, after)));
        }
        return parts(shape, old.get(), now.get());
    }

    /** Everything that differs. */
    FieldSet changed() {
        return set.and(gone);
    }

    private static Comparison parts(Shape shape, Map<String, JsonNode> before, Map<String, JsonNode> after) {
        Map<String, FieldSet> set = new TreeMap<>();
        Map<String, FieldSet> gone = new TreeMap<>();
        Set<String> elements = new LinkedHashSet<>(before.keySet());
        elements.addAll(after.keySet());
        for (String element : elements) {
            JsonNode old = before.getOrDefault(element, MissingNode.getInstance());
            JsonNode now = after.getOrDefault(element, MissingNode.getInstance());
            Comparison part = of(Elements.below(shape, element), old, now);
            boolean item = !element.startsWith("f:");
            set.put(element, item && old.isMissingNode() ? part.set.and(FieldSet.place()) : part.set);
            gone.put(element, item && now.isMissingNode() ? part.gone.and(FieldSet.place()) : part.gone);
        }
        return new Comparison(new FieldSet(false, set), new FieldSet(false, gone));
    }
}
