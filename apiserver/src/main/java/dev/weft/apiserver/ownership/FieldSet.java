package dev.weft.apiserver.ownership;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A set of places in documents, in the form of {@code fieldsV1}. Never changed after it was made. */
final class FieldSet {

    static final FieldSet EMPTY = new FieldSet(false, Map.of());
    private static final FieldSet PLACE = new FieldSet(true, Map.of());

    private final boolean here;
    private final TreeMap<String, FieldSet> below;

    /**
     * @param here whether the place itself is in the set
     * @param below what is in the set of the parts of the place; empty sets are left out
     */
    FieldSet(boolean here, Map<String, FieldSet> below) {
        this.here = here;
        this.below = new TreeMap<>();
        below.forEach((element, set) -> {
            if (!set.isEmpty()) {
                this.below.put(element, set);
            }
        });
    }

    /** The place alone. */
    static FieldSet place() {
        return PLACE;
    }

    /** Every place of a value that can be owned. */
    static FieldSet of(Shape shape, JsonNode value) {
        Optional<Map<String, JsonNode>> elements = Elements.of(shape, value);
        if (elements.isEmpty() || elements.get().isEmpty()) {
            return PLACE;
        }
        Map<String, FieldSet> below = new TreeMap<>();
        elements.get().forEach((element, part) -> {
            FieldSet set = of(Elements.below(shape, element), part);
            below.put(element, element.startsWith("f:") ? set : new FieldSet(true, set.below));
        });
        return new FieldSet(false, below);
    }

    /** The set that a document has written as one. */
    static FieldSet read(JsonNode fields) {
        Map<String, FieldSet> below = new TreeMap<>();
        fields.forEachEntry((element, inside) -> {
            boolean known = element.startsWith("f:") || element.startsWith("k:{") || element.startsWith("v:");
            if (known) {
                below.put(element, inside.isEmpty() ? PLACE : read(inside));
            }
        });
        return new FieldSet(fields.has("."), below);
    }

    ObjectNode write() {
        ObjectNode fields = JsonNodeFactory.instance.objectNode();
        if (here && !below.isEmpty()) {
            fields.putObject(".");
        }
        below.forEach((element, set) -> fields.set(element, set.write()));
        return fields;
    }

    boolean isEmpty() {
        return !here && below.isEmpty();
    }

    /** Whether the place itself is in the set. */
    boolean here() {
        return here;
    }

    Map<String, FieldSet> below() {
        return below;
    }

    FieldSet below(String element) {
        return below.getOrDefault(element, EMPTY);
    }

    FieldSet and(FieldSet other) {
        if (isEmpty()) {
            return other;
        }
        Map<String, FieldSet> union = new TreeMap<>(below);
        other.below.forEach((element, set) -> union.merge(element, set, FieldSet::and));
        return new FieldSet(here || other.here, union);
    }

    FieldSet without(FieldSet other) {
        if (other.isEmpty()) {
            return this;
        }
        Map<String, FieldSet> left = new TreeMap<>();
        below.forEach((element, set) -> left.put(element, set.without(other.below(element))));
        return new FieldSet(here && !other.here, left);
    }

    FieldSet within(FieldSet other) {
        Map<String, FieldSet> both = new TreeMap<>();
        below.forEach((element, set) -> both.put(element, set.within(other.below(element))));
        return new FieldSet(here && other.here, both);
    }

    /** The places as messages show them: {@code .spec.replicas}. */
    List<String> paths() {
        List<String> paths = new ArrayList<>();
        paths("", paths);
        return paths;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FieldSet set && here == set.here && below.equals(set.below);
    }

    @Override
    public int hashCode() {
        return below.hashCode() + (here ? 1 : 0);
    }

    @Override
    public String toString() {
        return write().toString();
    }

    private void paths(String around, List<String> into) {
        if (here) {
            into.add(around);
        }
        below.forEach((element, set) -> set.paths(around + Elements.shown(element), into));
    }
}
