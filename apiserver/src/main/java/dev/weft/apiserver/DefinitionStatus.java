package dev.weft.apiserver;

import dev.weft.apiserver.kinds.ServedKind;
import dev.weft.resources.Resource;
import dev.weft.resources.definition.CustomResourceDefinition;
import dev.weft.resources.definition.DefinedNames;
import java.util.LinkedHashSet;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The status of a CustomResourceDefinition. */
final class DefinitionStatus {

    private DefinitionStatus() {}

    static ObjectNode of(CustomResourceDefinition definition, String now) {
        Resource resource = definition.resource();
        ObjectNode status = JsonNodeFactory.instance.objectNode();
        ArrayNode conditions = status.putArray("conditions");
        condition(conditions, resource, "NamesAccepted", "True", "NoConflicts", "no conflicts found", now);
        condition(
                conditions,
                resource,
                "Established",
                "True",
                "InitialNamesAccepted",
                "the initial names have been accepted",
                now);
        DefinedNames names = definition.names();
        ObjectNode accepted = status.putObject("acceptedNames");
        accepted.put("kind", names.kind()).put("listKind", names.kind() + "List");
        accepted.put("plural", names.plural()).put("singular", names.singular());
        names.shortNames().forEach(accepted.withArrayProperty("shortNames")::add);
        names.categories().forEach(accepted.withArrayProperty("categories")::add);

        Set<String> stored = new LinkedHashSet<>();
        resource.at("/status/storedVersions").forEach(version -> stored.add(version.asString("")));
        stored.add(definition.stored().name());
        ArrayNode versions = status.putArray("storedVersions");
        stored.forEach(versions::add);
        return status;
    }

    /** Of one that wants a name which another kind of its group has. */
    static ObjectNode taken(CustomResourceDefinition definition, ServedKind holder, boolean served, String now) {
        Resource resource = definition.resource();
        ObjectNode status = JsonNodeFactory.instance.objectNode();
        if (served && resource.json().path("status") instanceof ObjectNode before) {
            status.setAll(before); // under the names it had it is served on
        }
        ArrayNode conditions = status.putArray("conditions");
        String taken = "a name of " + definition.names().kind() + " is in use by " + holder.resourceName() + " ("
                + holder.kind().kind() + "): choose another kind, plural, singular or short name";
        condition(conditions, resource, "NamesAccepted", "False", "NamesConflict", taken, now);
        if (served) {
            condition(conditions, resource, "Established", "True", "InitialNamesAccepted", "it is served on", now);
        } else {
            condition(conditions, resource, "Established", "False", "NotAccepted", "not all names are accepted", now);
        }
        return status;
    }

    /** Whether a definition waits for a name. */
    static boolean isTaken(Resource definition) {
        return definition
                .at("/status/conditions")
                .valueStream()
                .anyMatch(it -> it.path("type").asString("").equals("NamesAccepted")
                        && it.path("status").asString("").equals("False"));
    }

    /** One that wants a name which is taken, but was served before it did: with the names under which it was. */
    static Resource asAccepted(Resource definition) {
        JsonNode names = definition.at("/status/acceptedNames");
        boolean established = definition
                .at("/status/conditions")
                .valueStream()
                .anyMatch(it -> it.path("type").asString("").equals("Established")
                        && it.path("status").asString("").equals("True"));
        if (!isTaken(definition) || !established || names.isEmpty()) {
            return definition;
        }
        ObjectNode json = definition.edit();
        json.withObject("/spec").set("names", names);
        return new Resource(definition.kind(), json);
    }

    /** Of one that came by a file and cannot be read. */
    static ObjectNode refused(Resource resource, String now) {
        ObjectNode status = JsonNodeFactory.instance.objectNode();
        String faults = String.join(
                " ",
                CustomResourceDefinition.read(resource).problems().stream()
                        .map(problem -> problem.message() + " " + problem.remedy())
                        .toList());
        condition(status.putArray("conditions"), resource, "Established", "False", "Invalid", faults, now);
        return status;
    }

    private static void condition(
            ArrayNode into, Resource resource, String type, String status, String reason, String message, String now) {
        String since = now;
        for (JsonNode before : resource.at("/status/conditions")) {
            boolean same = before.path("type").asString("").equals(type)
                    && before.path("status").asString("").equals(status);
            since = same ? before.path("lastTransitionTime").asString(now) : since;
        }
        into.addObject()
                .put("lastTransitionTime", since)
                .put("message", message)
                .put("reason", reason)
                .put("status", status)
                .put("type", type);
    }
}
