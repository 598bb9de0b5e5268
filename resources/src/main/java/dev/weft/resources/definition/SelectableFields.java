package dev.weft.resources.definition;

import dev.weft.resources.reading.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Reads {@code selectableFields}: paths such as {@code .spec.color} to texts, integers and bools. */
final class SelectableFields {

    private static final int MOST = 8;
    private static final Pattern PATH = Pattern.compile("(\\.[A-Za-z_][A-Za-z0-9_-]*)+");
    private static final Set<String> TYPES = Set.of("string", "integer", "boolean");

    private SelectableFields() {}

    static List<String> of(Fields version, JsonNode schema) {
        List<String> found = new ArrayList<>();
        List<String> paths = version.objects("selectableFields", it -> it.requiredText("jsonPath"));
        if (paths.size() > MOST) {
            version.invalid("selectableFields", "there are " + paths.size() + ".", "Keep at most " + MOST + ".");
        }
        for (int i = 0; i < paths.size(); i++) {
            String path = paths.get(i);
            String at = "selectableFields[" + i + "].jsonPath";
            String problem = path.isEmpty() ? "" : problem(path, schema);
            if (!problem.isEmpty()) {
                version.invalid(at, "\"" + path + "\" " + problem, "Write the path of a field such as .spec.color.");
            } else if (found.contains(path.substring(Math.min(1, path.length())))) {
                version.invalid(at, "\"" + path + "\" is there twice.", "Remove one of them.");
            } else if (!path.isEmpty()) {
                found.add(path.substring(1));
            }
        }
        return found;
    }

    /** Completes the sentence that begins with the path; empty when there is none. */
    private static String problem(String path, JsonNode schema) {
        if (!PATH.matcher(path).matches()) {
            return "is no simple path.";
        }
        if (path.startsWith(".metadata.") || path.equals(".metadata")) {
            return "is part of the metadata, whose name and namespace can be selected by anyway.";
        }
        JsonNode node = schema;
        for (String name : path.substring(1).split("\\.", -1)) {
            node = node.path("properties").path(name);
        }
        String type = node.path("type").asString("");
        if (node.isMissingNode()) {
            return "is not in the schema.";
        }
        return TYPES.contains(type) ? "" : "is of type " + type + " (expected: string, integer or boolean).";
    }
}
