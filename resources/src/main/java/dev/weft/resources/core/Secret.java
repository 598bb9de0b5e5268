package dev.weft.resources.core;

import dev.weft.resources.Resource;
import dev.weft.resources.reading.Fields;
import dev.weft.resources.reading.Read;
import dev.weft.resources.reading.Reading;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A secret; its values are never printed.
 *
 * @param data decoded values, text in UTF-8 ({@code stringData} wins over {@code data})
 */
public record Secret(Resource resource, String type, Map<String, String> data) {

    /** The type that carries a server's certificate and key. */
    public static final String TLS = "kubernetes.io/tls";

    public Secret {
        data = Map.copyOf(data);
    }

    public static Read<Secret> read(Resource resource) {
        return Reading.of(resource, fields -> of(resource, fields));
    }

    public static Secret of(Resource resource, Fields root) {
        root.inert("immutable");
        String type = root.text("type", "Opaque");
        Map<String, String> data = new LinkedHashMap<>();
        root.textMap("data").forEach((key, value) -> data.put(key, decode(root, key, value)));
        data.putAll(root.textMap("stringData"));
        if (type.equals(TLS)) {
            for (String key : List.of("tls.crt", "tls.key")) {
                if (!data.containsKey(key)) {
                    root.missing("data." + key, "the PEM text in base64");
                }
            }
        }
        return new Secret(resource, type, data);
    }

    public Optional<String> value(String key) {
        return Optional.ofNullable(data.get(key));
    }

    private static String decode(Fields root, String key, String value) {
        try {
            return new String(Base64.getMimeDecoder().decode(value), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            root.invalid("data." + key, "not base64.", "Encode it, or write the text itself under stringData.");
            return "";
        }
    }

    @Override
    public String toString() {
        return "Secret[" + resource.key() + "]";
    }
}
