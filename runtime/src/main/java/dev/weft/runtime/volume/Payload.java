package dev.weft.runtime.volume;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** The files of one volume, by path, while they are collected. */
final class Payload {

    private static final int MODE = 0644;

    private final Map<String, Content> files = new LinkedHashMap<>();

    /** @param mode as of chmod(1) */
    record Content(ByteBuffer bytes, int mode) {}

    Map<String, Content> files() {
        return files;
    }

    void put(String path, byte[] bytes, int mode) throws VolumeProblem {
        if (path.isEmpty() || path.startsWith("/") || path.matches("(.*/)?\\.\\.(/.*)?") || path.startsWith("..")) {
            throw new VolumeProblem("path \"" + path + "\" of a volume's file (expected: a relative path without ..)");
        }
        files.put(path, new Content(ByteBuffer.wrap(bytes), mode));
    }

    /**
     * All values, or those that {@code items} name.
     *
     * @param what for messages, such as {@code ConfigMap shop/settings}
     */
    void putAll(Map<String, byte[]> values, JsonNode items, int mode, boolean optional, String what)
            throws VolumeProblem {
        if (items.isEmpty()) {
            for (Map.Entry<String, byte[]> each : values.entrySet()) {
                put(each.getKey(), each.getValue(), mode);
            }
            return;
        }
        for (JsonNode item : items) {
            String key = item.path("key").asString("");
            Optional<byte[]> value = Optional.ofNullable(values.get(key));
            if (value.isPresent()) {
                put(
                        item.path("path").asString(key),
                        value.get(),
                        item.path("mode").asInt(mode));
            } else if (!optional) {
                throw new VolumeProblem(what + " has no key \"" + key + "\"; add it, or mark the volume optional.");
            }
        }
    }

    static int mode(JsonNode source) {
        return source.path("defaultMode").asInt(MODE);
    }
}
