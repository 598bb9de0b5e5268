package dev.weft.resources.document;

import dev.weft.model.problem.Location;
import tools.jackson.databind.node.ObjectNode;

/**
 * One document as it was written, whatever it means.
 *
 * @param json never changed after
 */
public record Document(ObjectNode json, Positions positions) {

    /** A document that came as JSON over the API, without positions. */
    public static Document ofApi(ObjectNode json) {
        return new Document(json, Positions.all(Location.API));
    }

    /** Where the field at this path was written, for example {@code spec.backends[1].service}. */
    public Location locate(String path) {
        return positions.locate(path);
    }
}
