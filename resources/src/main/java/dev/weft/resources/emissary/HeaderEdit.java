package dev.weft.resources.emissary;

import dev.weft.resources.reading.Fields;
import java.util.ArrayList;
import java.util.List;

/**
 * A header to add.
 *
 * @param append beside one that is there (Emissary's default), or in its place
 */
public record HeaderEdit(String name, String value, boolean append) {

    /** Reads {@code {name: {value, append}}}, or the older {@code {name: value}}. */
    static List<HeaderEdit> list(Fields fields, String field) {
        List<HeaderEdit> edits = new ArrayList<>();
        fields.object(field, headers -> {
            for (String name : headers.names()) {
                if (headers.raw(name).isString()) {
                    edits.add(new HeaderEdit(name, headers.text(name, ""), true));
                } else {
                    headers.object(
                            name,
                            edit -> edits.add(
                                    new HeaderEdit(name, edit.requiredText("value"), edit.flag("append", true))));
                }
            }
            return edits;
        });
        return List.copyOf(edits);
    }

    /** Reads names in a list, or one by itself. */
    static List<String> names(Fields fields, String field) {
        return fields.raw(field).isString() ? fields.text(field).stream().toList() : fields.texts(field);
    }
}
