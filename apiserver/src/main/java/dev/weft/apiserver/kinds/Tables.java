package dev.weft.apiserver.kinds;

import dev.weft.resources.Resource;
import dev.weft.resources.smi.Conversion;
import java.time.Instant;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Makes {@code meta.k8s.io/v1 Table}s. */
public final class Tables {

    /** How much of each object a row carries beside its cells. */
    public enum Include {
        NONE,
        METADATA,
        OBJECT
    }

    private Tables() {}

    /**
     * The table of some resources of one kind.
     *
     * @param header whether to name the columns; a watch does it in its first event only
     */
    public static ObjectNode of(
            ServedKind kind, List<Resource> resources, String version, Include include, boolean header, Instant now) {
        ObjectNode table = JsonNodeFactory.instance.objectNode();
        table.put("kind", "Table").put("apiVersion", "meta.k8s.io/v1").putObject("metadata");
        ArrayNode columns = table.putArray("columnDefinitions");
        if (header) {
            if (!ownsName(kind, version)) {
                column(columns, "Name", "string", "name", 0);
            }
            kind.columns(version).forEach(it -> column(columns, it.name(), it.type(), "", it.priority()));
        }
        ArrayNode rows = table.putArray("rows");
        for (Resource resource : resources) {
            ObjectNode row = rows.addObject();
            ArrayNode cells = row.putArray("cells");
            if (!ownsName(kind, version)) {
                cells.add(resource.name());
            }
            kind.columns(version).forEach(it -> cells.add(it.cell().of(resource, now)));
            object(row, kind, resource, version, include);
        }
        return table;
    }

    /** The document as a client asked for it: the same, in its version and the shape of that. */
    public static ObjectNode in(ServedKind kind, Resource resource, String version) {
        if (resource.at("/apiVersion").asString("").equals(kind.apiVersion(version))) {
            return resource.json();
        }
        if (Conversion.converts(kind.kind())) {
            return Conversion.to(kind.kind(), resource.json(), version);
        }
        ObjectNode relabelled = JsonNodeFactory.instance.objectNode();
        relabelled.setAll(resource.json());
        return relabelled.put("apiVersion", kind.apiVersion(version));
    }

    /** The metadata alone, for clients that want no more. */
    public static ObjectNode metadata(Resource resource) {
        ObjectNode partial = JsonNodeFactory.instance.objectNode();
        partial.put("kind", "PartialObjectMetadata").put("apiVersion", "meta.k8s.io/v1");
        partial.set("metadata", resource.at("/metadata"));
        return partial;
    }

    private static void object(ObjectNode row, ServedKind kind, Resource resource, String version, Include include) {
        switch (include) {
            case NONE -> {}
            case METADATA -> row.set("object", metadata(resource));
            case OBJECT -> row.set("object", in(kind, resource, version));
        }
    }

    /** A table of events begins with the time, not with the name. */
    private static boolean ownsName(ServedKind kind, String version) {
        return kind.columns(version).stream().anyMatch(column -> column.name().equals("Name"));
    }

    private static void column(ArrayNode columns, String name, String type, String format, int priority) {
        columns.addObject()
                .put("name", name)
                .put("type", type)
                .put("format", format)
                .put("description", name)
                .put("priority", priority);
    }
}
