package dev.weft.catalog.export;

import dev.weft.model.outcome.ConnectionOutcome;
import dev.weft.model.outcome.Outcome;
import java.util.List;
import java.util.Set;

/** How one request or connection becomes one line, without its end. */
public sealed interface LogFormat permits CombinedFormat, JsonFormat, TextFormat {

    /** Appends a request's line. */
    void append(StringBuilder line, Outcome outcome);

    /** Appends the line of a connection that was passed on as bytes. */
    void append(StringBuilder line, ConnectionOutcome outcome);

    /** The headers that the line shows, by lower case name. */
    Set<String> headers();

    /**
     * Finds a format.
     *
     * @param name {@code json}, {@code combined}, or {@code text}, which is Envoy's
     * @param template of {@code text}; empty for the one that Emissary has
     * @throws IllegalArgumentException with a message for people
     */
    static LogFormat of(String name, String template) {
        if (!template.isEmpty() && !name.equals("text")) {
            throw new IllegalArgumentException("format: only text takes one (" + name + " is fixed)");
        }
        return switch (name) {
            case "json", "typed_json" -> new JsonFormat();
            case "combined", "apache" -> new CombinedFormat();
            case "text" -> TextFormat.parse(template.isEmpty() ? TextFormat.EMISSARY : template);
            default ->
                throw new IllegalArgumentException(
                        "access log: \"" + name + "\" (expected: one of " + List.of("json", "combined", "text") + ")");
        };
    }
}
