package dev.weft.resources.core;

import dev.weft.resources.reading.Fields;
import java.util.Optional;

/** A port of a container, by its number or by its name. */
public sealed interface PortReference {

    /**
     * By number.
     *
     * @param port 1 to 65535
     */
    record Numbered(int port) implements PortReference {}

    record Named(String name) implements PortReference {}

    /** Reads an integer or a name; empty when it is not there. */
    static Optional<PortReference> read(Fields fields, String field) {
        if (!fields.has(field)) {
            return Optional.empty();
        }
        if (fields.raw(field).isString()) {
            String text = fields.text(field, "");
            boolean digits = !text.isEmpty() && text.chars().allMatch(Character::isDigit);
            if (digits || text.isEmpty()) {
                fields.invalid(
                        field, "\"" + text + "\" is not a port's name.", "Write a number without quotes, or a name.");
            }
            return Optional.of(new Named(text));
        }
        int port = fields.integer(field, 0, 0, 65_535);
        return port == 0 ? Optional.empty() : Optional.of(new Numbered(port));
    }
}
