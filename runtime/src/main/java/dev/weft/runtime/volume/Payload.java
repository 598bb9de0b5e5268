package dev.weft.runtime.volume;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
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
        if (!stays(path)) {
            throw new VolumeProblem("path \"" + path.replaceAll("\\p{Cntrl}", "?")
                    + "\" of a volume's file (expected: a relative path without . and ..)");
        }
        for (String other : files.keySet()) {
            if (other.startsWith(path + "/") || path.startsWith(other + "/")) {
                throw new VolumeProblem(
                        "a volume has files \"" + other + "\" and \"" + path + "\"; one cannot be the other's folder");
            }
        }
        files.put(path, new Content(ByteBuffer.wrap(bytes), mode));
    }

    /** Whether it is a path below the folder; names with .. in front are the folder's own. */
    private static boolean stays(String path) {
        if (path.isEmpty() || path.startsWith("..") || path.chars().anyMatch(Character::isISOControl)) {
            return false;
        }
        return Stream.of(path.split("/", -1))
                .noneMatch(name -> name.isEmpty() || name.equals(".") || name.equals(".."));
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
