package dev.weft.apiserver.kinds;

import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Tells clients which groups, versions and kinds there are: one by one, and all at once (aggregated discovery v2). */
public final class Discovery {

    private final ServedKinds kinds;

    public Discovery(ServedKinds kinds) {
        this.kinds = kinds;
    }

    /** {@code GET /api}. */
    public ObjectNode core(String address) {
        ObjectNode versions = object("APIVersions", "v1");
        versions.putArray("versions").add("v1");
        versions.putArray("serverAddressByClientCIDRs")
                .addObject()
                .put("clientCIDR", "0.0.0.0/0")
                .put("serverAddress", address);
        return versions;
    }

    /** {@code GET /apis}. */
    public ObjectNode groups() {
        ObjectNode list = object("APIGroupList", "v1");
        ArrayNode groups = list.putArray("groups");
        kinds.groups().stream().filter(group -> !group.isEmpty()).forEach(group -> groups.add(describe(group)));
        return list;
    }

    /** {@code GET /apis/GROUP}. */
    public ObjectNode group(String group) {
        ObjectNode described = object("APIGroup", "v1");
        described.setAll(describe(group));
        return described;
    }

    /** {@code GET /apis/GROUP/VERSION} and {@code GET /api/v1}. */
    public ObjectNode resources(String group, String version) {
        ObjectNode list = object("APIResourceList", "v1");
        list.put("groupVersion", group.isEmpty() ? version : group + "/" + version);
        ArrayNode resources = list.putArray("resources");
        for (ServedKind kind : kinds.in(group, version)) {
            ObjectNode resource = resources.addObject();
            resource.put("name", kind.kind().plural());
            resource.put("singularName", kind.singular());
            resource.put("namespaced", kind.kind().namespaced());
            resource.put("kind", kind.kind().kind());
            strings(resource.putArray("verbs"), kind.verbs());
            strings(resource.putArray("shortNames"), kind.shortNames());
            strings(resource.putArray("categories"), kind.categories());
            for (Subresource subresource : kind.subresources(version)) {
                ObjectNode sub = resources.addObject();
                sub.put("name", kind.kind().plural() + "/" + subresource.name());
                sub.put("singularName", "");
                sub.put("namespaced", kind.kind().namespaced());
                if (!subresource.answer().isEmpty()) {
                    sub.put("group", subresource.answer().get(0));
                    sub.put("version", subresource.answer().get(1));
                }
                sub.put(
                        "kind",
                        subresource.answer().isEmpty()
                                ? kind.kind().kind()
                                : subresource.answer().get(2));
                strings(sub.putArray("verbs"), subresource.verbs());
            }
        }
        return list;
    }

    /** Everything below {@code /api} or below {@code /apis} in one document (apidiscovery.k8s.io/v2). */
    public ObjectNode aggregated(boolean coreGroup) {
        ObjectNode list = object("APIGroupDiscoveryList", "apidiscovery.k8s.io/v2");
        list.putObject("metadata");
        ArrayNode items = list.putArray("items");
        for (String group : kinds.groups()) {
            if (group.isEmpty() == coreGroup) {
                ObjectNode item = items.addObject();
                item.putObject("metadata").put("name", group);
                ArrayNode versions = item.putArray("versions");
                kinds.versions(group).forEach(version -> aggregate(versions.addObject(), group, version));
            }
        }
        return list;
    }

    private void aggregate(ObjectNode into, String group, String version) {
        into.put("version", version).put("freshness", "Current");
        ArrayNode resources = into.putArray("resources");
        for (ServedKind kind : kinds.in(group, version)) {
            ObjectNode resource = resources.addObject();
            resource.put("resource", kind.kind().plural());
            responseKind(resource, List.of(group, version, kind.kind().kind()));
            resource.put("scope", kind.kind().namespaced() ? "Namespaced" : "Cluster");
            resource.put("singularResource", kind.singular());
            strings(resource.putArray("verbs"), kind.verbs());
            strings(resource.putArray("shortNames"), kind.shortNames());
            strings(resource.putArray("categories"), kind.categories());
            ArrayNode subresources = resource.putArray("subresources");
            for (Subresource subresource : kind.subresources(version)) {
                ObjectNode sub = subresources.addObject();
                sub.put("subresource", subresource.name());
                responseKind(
                        sub,
                        subresource.answer().isEmpty()
                                ? List.of(group, version, kind.kind().kind())
                                : subresource.answer());
                strings(sub.putArray("verbs"), subresource.verbs());
            }
        }
    }

    private static void responseKind(ObjectNode into, List<String> groupVersionKind) {
        into.putObject("responseKind")
                .put("group", groupVersionKind.get(0))
                .put("version", groupVersionKind.get(1))
                .put("kind", groupVersionKind.get(2));
    }

    private ObjectNode describe(String group) {
        ObjectNode described = JsonNodeFactory.instance.objectNode();
        described.put("name", group);
        ArrayNode versions = described.putArray("versions");
        for (String version : kinds.versions(group)) {
            versions.addObject().put("groupVersion", group + "/" + version).put("version", version);
        }
        described.set("preferredVersion", versions.get(0));
        return described;
    }

    private static ObjectNode object(String kind, String apiVersion) {
        return JsonNodeFactory.instance.objectNode().put("kind", kind).put("apiVersion", apiVersion);
    }

    private static void strings(ArrayNode into, List<String> strings) {
        strings.forEach(into::add);
    }
}
