package dev.weft.apiserver.schema;

import dev.weft.apiserver.cel.Budget;
import dev.weft.apiserver.cel.SelfLanguage;
import dev.weft.apiserver.cel.SelfLanguage.Before;
import dev.weft.apiserver.cel.Values;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The {@code x-kubernetes-validations} of a schema: expressions that its documents have to fulfil. They are compiled when
 * the first document is judged, and where a schema has none, nothing of the language is loaded.
 */
public final class ValidationRules {

    private static final String FIELD = "x-kubernetes-validations";
    private static final int FAULTS_MAX = 100;

    /** One place of the schema. */
    private record Node(
            JsonNode schema,
            List<ValidationRule> rules,
            Map<String, Node> properties,
            Optional<Node> items,
            Optional<Node> others) {

        boolean isEmpty() {
            return rules.isEmpty() && properties.isEmpty() && items.isEmpty() && others.isEmpty();
        }
    }

    /** What one document has cost and shown so far. */
    private record Judging(Budget budget, List<Fault> found) {}

    private final List<Fault> faults = new ArrayList<>();
    private final Optional<Node> root;

    private ValidationRules(JsonNode schema, String at) {
        boolean any = !schema.findValues(FIELD).isEmpty();
        this.root = any ? Optional.of(node(at, schema, true, true)) : Optional.empty();
    }

    /** The rules of a schema. */
    public static ValidationRules of(JsonNode schema) {
        return new ValidationRules(schema, "");
    }

    /** What is wrong with the rules themselves, at their places below the place of the schema. */
    public static List<Fault> faults(JsonNode schema, String at) {
        return List.copyOf(new ValidationRules(schema, at).faults);
    }

    /**
     * Every fault of a document that its schema allows otherwise.
     *
     * @param budget for all rules together
     */
    public List<Fault> judge(JsonNode document, Optional<? extends JsonNode> before, Budget budget) {
        if (root.isEmpty()) {
            return List.of();
        }
        List<Fault> found = new ArrayList<>();
        Judging judging = new Judging(budget, found);
        value(
                "",
                root.get(),
                withoutServersMetadata(document),
                before.map(ValidationRules::withoutServersMetadata),
                judging);
        return found;
    }

    /** Rules know of the metadata name and labels alone. */
    private static JsonNode withoutServersMetadata(JsonNode document) {
        if (!(document instanceof ObjectNode object)) {
            return document;
        }
        ObjectNode kept = JsonNodeFactory.instance.objectNode();
        kept.setAll(object);
        ObjectNode metadata = kept.putObject("metadata");
        for (String name : List.of("name", "generateName", "namespace", "labels", "annotations")) {
            if (object.path("metadata").has(name)) {
                metadata.set(name, object.path("metadata").get(name));
            }
        }
        return kept;
    }

    private Node node(String at, JsonNode schema, boolean resource, boolean correlatable) {
        List<ValidationRule> rules = new ArrayList<>();
        JsonNode declared = schema.path(FIELD);
        if (!declared.isEmpty()) {
            SelfLanguage language = new SelfLanguage(schema, resource);
            int index = 0;
            for (JsonNode rule : declared) {
                String place = at + "." + FIELD + "[" + index++ + "]";
                ValidationRule.read(place, rule, language, correlatable, faults).ifPresent(rules::add);
            }
        }
        Map<String, Node> properties = new LinkedHashMap<>();
        schema.path("properties").forEachEntry((name, part) -> {
            Node node = node(at + ".properties[" + name + "]", part, false, correlatable);
            if (!node.isEmpty()) {
                properties.put(name, node);
            }
        });
        boolean keyed = schema.path("x-kubernetes-list-type").asString("").equals("map");
        return new Node(
                schema,
                rules,
                properties,
                part(at + ".items", schema.path("items"), correlatable && keyed),
                part(at + ".additionalProperties", schema.path("additionalProperties"), correlatable));
    }

    private Optional<Node> part(String at, JsonNode schema, boolean correlatable) {
        if (!schema.isObject()) {
            return Optional.empty();
        }
        Node node = node(at, schema, false, correlatable);
        return node.isEmpty() ? Optional.empty() : Optional.of(node);
    }

    private static void value(
            String path, Node node, JsonNode value, Optional<? extends JsonNode> before, Judging judging) {
        if (value.isMissingNode() || value.isNull() || judging.found().size() >= FAULTS_MAX) {
            return;
        }
        if (!node.rules().isEmpty()) {
            judge(path, node, value, before, judging);
        }
        node.properties()
                .forEach((name, part) -> value(
                        path.isEmpty() ? name : path + "." + name,
                        part,
                        value.path(name),
                        before.map(old -> old.path(name)).filter(ValidationRules::isThere),
                        judging));
        node.items().ifPresent(part -> {
            int index = 0;
            for (JsonNode item : value) {
                Optional<JsonNode> old = before.flatMap(list -> same(node.schema(), item, list));
                value(path + "[" + index++ + "]", part, item, old, judging);
            }
        });
        node.others()
                .ifPresent(part -> value.forEachEntry((name, item) -> value(
                        path + "." + name,
                        part,
                        item,
                        before.map(old -> old.path(name)).filter(ValidationRules::isThere),
                        judging)));
    }

    private static void judge(
            String path, Node node, JsonNode value, Optional<? extends JsonNode> before, Judging judging) {
        Object self = Values.of(node.schema(), value);
        Optional<Object> old = before.map(it -> Values.of(node.schema(), it));
        for (ValidationRule rule : node.rules()) {
            if (rule.before() == Before.VALUE && old.isEmpty()) {
                continue; // it is about a change, and there is none
            }
            Map<String, Object> variables = new LinkedHashMap<>();
            variables.put("self", self);
            if (rule.before() == Before.VALUE) {
                variables.put("oldSelf", old.orElseThrow());
            } else if (rule.before() == Before.OPTIONAL) {
                variables.put("oldSelf", old);
            }
            rule.judge(path, type(node.schema()), variables, judging.budget()).ifPresent(judging.found()::add);
        }
    }

    /** The item of the old list with the same keys. */
    private static Optional<JsonNode> same(JsonNode schema, JsonNode item, JsonNode list) {
        List<String> keys = schema.path("x-kubernetes-list-map-keys")
                .valueStream()
                .map(key -> key.asString(""))
                .toList();
        return keys.isEmpty()
                ? Optional.empty()
                : list.valueStream()
                        .filter(old ->
                                keys.stream().allMatch(key -> old.path(key).equals(item.path(key))))
                        .findFirst();
    }

    private static boolean isThere(JsonNode node) {
        return !(node instanceof MissingNode) && !node.isNull();
    }

    private static String type(JsonNode schema) {
        return schema.path("type").asString("object");
    }
}
