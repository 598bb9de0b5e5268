package dev.weft.apiserver.ownership;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** What a place in a document is, as far as merging and ownership have to know. */
public sealed interface Shape {

    /** The shape of a field of the object at this place. */
    Shape field(String name);

    /** The shape of the items of the list at this place. */
    Shape item();

    /** Whether the object at this place is set as a whole. */
    boolean atomic();

    /** How the items of the list at this place are told apart. */
    Items items();

    /** The documents of one of Kubernetes' own kinds. */
    static Shape builtIn() {
        return new BuiltIn("", "");
    }

    /**
     * The documents of a custom kind.
     *
     * @param schema structural, as in a CustomResourceDefinition; a missing node when there is none
     */
    static Shape custom(JsonNode schema) {
        return new Structural(schema, true);
    }

    /** How the items of a list are told apart. */
    sealed interface Items {
        /** Not at all: the list is one value. */
        record Whole() implements Items {}

        /** By themselves. */
        record Values() implements Items {}

        /**
         * By some of their fields.
         *
         * @param fields in alphabetical order
         * @param defaults of fields that may be left out
         */
        record Keyed(List<String> fields, Map<String, JsonNode> defaults) implements Items {
            public Keyed {
                fields = fields.stream().sorted().toList();
                defaults = Map.copyOf(defaults);
            }
        }
    }

    /**
     * Kubernetes' own kinds: the names of the fields decide, as in its Go types ({@code listType}, {@code listMapKey} and
     * {@code mapType}).
     *
     * @param around the field that holds the object in which the field is
     */
    record BuiltIn(String around, String name) implements Shape {
        private static final Map<String, List<String>> KEYS = Map.ofEntries(
                Map.entry("containers", List.of("name")),
                Map.entry("initContainers", List.of("name")),
                Map.entry("ephemeralContainers", List.of("name")),
                Map.entry("env", List.of("name")),
                Map.entry("volumes", List.of("name")),
                Map.entry("volumeMounts", List.of("mountPath")),
                Map.entry("volumeDevices", List.of("devicePath")),
                Map.entry("imagePullSecrets", List.of("name")),
                Map.entry("secrets", List.of("name")),
                Map.entry("hostAliases", List.of("ip")),
                Map.entry("topologySpreadConstraints", List.of("topologyKey", "whenUnsatisfiable")),
                Map.entry("resourceClaims", List.of("name")),
                Map.entry("conditions", List.of("type")),
                Map.entry("ownerReferences", List.of("uid")),
                Map.entry("podIPs", List.of("ip")));
        private static final Set<String> ATOMIC = Set.of(
                "selector",
                "nodeSelector",
                "labelSelector",
                "namespaceSelector",
                "configMapKeyRef",
                "secretKeyRef",
                "fieldRef",
                "resourceFieldRef",
                "involvedObject",
                "targetRef",
                "roleRef");

        @Override
        public Shape field(String field) {
            return new BuiltIn(name, field);
        }

        /** What is in an item is in the list, as far as names decide. */
        @Override
        public Shape item() {
            return this;
        }

        @Override
        public boolean atomic() {
            return ATOMIC.contains(name);
        }

        @Override
        public Items items() {
            if (name.equals("finalizers")) {
                return new Items.Values();
            }
            if (name.equals("ports") && (around.endsWith("ontainers") || around.equals("spec"))) {
                String number = around.equals("spec") ? "port" : "containerPort";
                return new Items.Keyed(
                        List.of(number, "protocol"), Map.of("protocol", JsonNodeFactory.instance.stringNode("TCP")));
            }
            List<String> keys = KEYS.get(name);
            return keys == null ? new Items.Whole() : new Items.Keyed(keys, Map.of());
        }
    }

    /**
     * A custom kind: its schema decides.
     *
     * @param root whether this is the whole document, whose metadata is as everywhere
     */
    record Structural(JsonNode schema, boolean root) implements Shape {

        @Override
        public Shape field(String name) {
            if (name.equals("metadata") && (root || flag("x-kubernetes-embedded-resource"))) {
                return new BuiltIn("", name);
            }
            JsonNode property = schema.path("properties").path(name);
            return new Structural(property.isMissingNode() ? schema.path("additionalProperties") : property, false);
        }

        @Override
        public Shape item() {
            return new Structural(schema.path("items"), false);
        }

        @Override
        public boolean atomic() {
            return schema.path("x-kubernetes-map-type").asString("").equals("atomic");
        }

        @Override
        public Items items() {
            return switch (schema.path("x-kubernetes-list-type").asString("")) {
                case "set" -> new Items.Values();
                case "map" -> keyed();
                default -> new Items.Whole();
            };
        }

        private Items keyed() {
            List<String> keys = new ArrayList<>();
            Map<String, JsonNode> defaults = new java.util.HashMap<>();
            for (JsonNode key : schema.path("x-kubernetes-list-map-keys")) {
                String name = key.asString("");
                keys.add(name);
                JsonNode fallback = schema.at("/items/properties").path(name).path("default");
                if (!fallback.isMissingNode()) {
                    defaults.put(name, fallback);
                }
            }
            return new Items.Keyed(keys, defaults);
        }

        private boolean flag(String name) {
            return schema.path(name).asBoolean(false);
        }
    }
}
