package dev.weft.resources.core;

import dev.weft.resources.Resource;
import dev.weft.resources.reading.Fields;
import dev.weft.resources.reading.Read;
import dev.weft.resources.reading.Reading;
import java.util.Map;

/** Configuration by key; binary entries are left out. */
public record ConfigMap(Resource resource, Map<String, String> data) {

    public ConfigMap {
        data = Map.copyOf(data);
    }

    public static Read<ConfigMap> read(Resource resource) {
        return Reading.of(resource, fields -> of(resource, fields));
    }

    public static ConfigMap of(Resource resource, Fields root) {
        root.inert("immutable");
        root.unsupported("binaryData");
        return new ConfigMap(resource, root.textMap("data"));
    }
}
