package dev.weft.apiserver.store;

import dev.weft.resources.Kind;
import tools.jackson.databind.node.ObjectNode;

/** Who writes, as far as documents tell of it. */
@FunctionalInterface
public interface Author {

    /** Whoever notes it himself, or does not care. */
    Author UNNAMED = (kind, before, document, status) -> {};

    /**
     * Notes it in the document's {@code managedFields}.
     *
     * @param before empty for a new document
     * @param status whether it is the status that is written, and nothing else
     */
    void note(Kind kind, ObjectNode before, ObjectNode document, boolean status);
}
