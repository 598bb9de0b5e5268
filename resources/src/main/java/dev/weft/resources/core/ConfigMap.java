package dev.weft.resources.core;

import dev.weft.resources.Resource;
import dev.weft.resources.reading.Fields;
import dev.weft.resources.reading.Read;
import dev.weft.resources.reading.Reading;
import java.util.Base64;
import java.util.Map;

/** Configuration by key; binary entries are checked and left out, for they are read from the document itself. */
public record ConfigMap(Resource resource, Map<String, String> data) {

    public ConfigMap {
        data = Map.copyOf(data);
    }

    public static Read<ConfigMap> read(Resource resource) {
        return Reading.of(resource, fields -> of(resource, fields));
    }

    public static ConfigMap of(Resource resource, Fields root) {
        root.inert("immutable");
        Map<String, String> data = root.textMap("data");
        root.object("binaryData", binary -> {
            binary.allTexts().forEach((key, value) -> check(binary, key, value, data));
            return true;
        });
        return new ConfigMap(resource, data);
    }

    private static void check(Fields binary, String key, String value, Map<String, String> data) {
        try {
            Base64.getMimeDecoder().decode(value);
        } catch (IllegalArgumentException _) {
            binary.invalid(key, "is not base64.", "Encode it, or write it below data as it stands.");
        }
        if (data.containsKey(key)) {
            binary.invalid(key, "is a key of data as well.", "Remove one of them.");
        }
    }
}
