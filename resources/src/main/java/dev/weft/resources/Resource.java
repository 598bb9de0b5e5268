package dev.weft.resources;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * One resource: its whole document as it is stored, unknown fields included. The tree is never changed after; {@link
 * #edit()} gives a copy to change.
 *
 * @param kind of what it is
 * @param json the whole document, with {@code apiVersion}, {@code kind} and {@code metadata}
 */
public record Resource(Kind kind, ObjectNode json) {

    /** Those that the code asks for, read once; a pointer that was made at run time may find no room. */
    private static final Map<String, JsonPointer> POINTERS = new ConcurrentHashMap<>();

    private static final int POINTERS_MAX = 2000;

    /** A new resource with nothing but its name. */
    public static Resource of(Key key) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("apiVersion", key.kind().apiVersion());
        json.put("kind", key.kind().kind());
        ObjectNode metadata = json.putObject("metadata");
        metadata.put("name", key.name());
        if (!key.namespace().isEmpty()) {
            metadata.put("namespace", key.namespace());
        }
        return new Resource(key.kind(), json);
    }

    public Key key() {
        return kind.key(namespace(), name());
    }

    public String name() {
        return at("/metadata/name").asString("");
    }

    public String namespace() {
        return at("/metadata/namespace").asString("");
    }

    public String uid() {
        return at("/metadata/uid").asString("");
    }

    /** Opaque; grows with every write to the store. */
    public String resourceVersion() {
        return at("/metadata/resourceVersion").asString("");
    }

    /** Grows with every change of what is wanted (not of the status). */
    public long generation() {
        return at("/metadata/generation").asLong(0);
    }

    public boolean deleting() {
        return at("/metadata/deletionTimestamp").isString();
    }

    public Map<String, String> labels() {
        return strings(at("/metadata/labels"));
    }

    public Map<String, String> annotations() {
        return strings(at("/metadata/annotations"));
    }

    /** The node at a JSON pointer (RFC 6901), a missing node where there is none. */
    public JsonNode at(String pointer) {
        JsonPointer known = POINTERS.get(pointer);
        return json.at(known == null ? read(pointer) : known);
    }

    private static JsonPointer read(String pointer) {
        JsonPointer read = JsonPointer.compile(pointer);
        if (POINTERS.size() < POINTERS_MAX) {
            POINTERS.put(pointer, read);
        }
        return read;
    }

    /** A deep copy of the document, to change and wrap again. */
    public ObjectNode edit() {
        return json.deepCopy();
    }

    /** Reads an object of strings, such as labels; anything else in it is left out. */
    public static Map<String, String> strings(JsonNode object) {
        Map<String, String> strings = new LinkedHashMap<>();
        object.forEachEntry((name, value) -> {
            if (value.isString()) {
                strings.put(name, value.asString());
            }
        });
        return strings;
    }

    @Override
    public String toString() {
        return key().toString();
    }
}
