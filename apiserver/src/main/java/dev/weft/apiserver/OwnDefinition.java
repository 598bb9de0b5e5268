package dev.weft.apiserver;

import dev.weft.apiserver.kinds.ServedKind;
import dev.weft.resources.Key;
import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import dev.weft.resources.definition.CustomResourceDefinition;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The CustomResourceDefinition of one of Weft's own kinds, whose schema takes every field. */
final class OwnDefinition {

    private OwnDefinition() {}

    static Key key(ServedKind kind) {
        return Kinds.CUSTOM_RESOURCE_DEFINITION.key("", kind.resourceName());
    }

    static Resource of(ServedKind kind, String now) {
        ObjectNode json = Resource.of(key(kind)).edit();
        ObjectNode spec = json.putObject("spec");
        spec.put("group", kind.kind().group());
        ObjectNode names = spec.putObject("names");
        names.put("kind", kind.kind().kind()).put("listKind", kind.kind().kind() + "List");
        names.put("plural", kind.kind().plural()).put("singular", kind.singular());
        ArrayNode shortNames = names.putArray("shortNames");
        kind.shortNames().forEach(shortNames::add);
        ArrayNode categories = names.putArray("categories");
        kind.categories().forEach(categories::add);
        spec.put("scope", kind.kind().namespaced() ? "Namespaced" : "Cluster");
        spec.putObject("conversion").put("strategy", "None");
        ArrayNode versions = spec.putArray("versions");
        for (String name : kind.versions()) {
            ObjectNode version = versions.addObject();
            version.put("name", name).put("served", true);
            version.put("storage", name.equals(kind.kind().version()));
            version.putObject("subresources").putObject("status");
            version.putObject("schema")
                    .putObject("openAPIV3Schema")
                    .put("type", "object")
                    .put("x-kubernetes-preserve-unknown-fields", true);
        }
        // so that kubectl, which is told to apply the original over it, has something to compare with
        String applied = json.toString();
        json.withObject("/metadata/annotations").put("kubectl.kubernetes.io/last-applied-configuration", applied);
        Resource resource = new Resource(Kinds.CUSTOM_RESOURCE_DEFINITION, json);
        CustomResourceDefinition.read(resource)
                .value()
                .ifPresent(definition -> json.set("status", DefinitionStatus.of(definition, now)));
        return resource;
    }
}
