package dev.weft.runtime.host.shape;

import dev.weft.runtime.host.http.Request;
import dev.weft.runtime.host.http.Response;
import dev.weft.runtime.host.json.Dialect;
import dev.weft.runtime.host.json.JsonProblem;
import dev.weft.runtime.host.json.JsonReader;
import dev.weft.runtime.host.json.JsonWriter;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An event as CloudEvents' HTTP binding 1.0 carries it.
 *
 * @param attributes of the specification and extensions, by their names
 * @param data empty for none
 */
record Event(Map<String, Object> attributes, Optional<byte[]> data) {

    static final String TYPE = "io.cloudevents.CloudEvent";

    /** What version 1.0 defines; all others are extensions. */
    private static final List<String> OWN =
            List.of("specversion", "id", "type", "source", "subject", "time", "datacontenttype", "dataschema");

    /** Whether the request says that it is one, well formed or not. */
    static boolean is(Request request) {
        return structured(request) || request.header("ce-specversion").isPresent();
    }

    private static boolean structured(Request request) {
        return request.mediaType().equals("application/cloudevents+json");
    }

    static Event of(Request request) throws JsonProblem {
        return structured(request) ? structured(request.text()) : binary(request);
    }

    private static Event binary(Request request) {
        Map<String, Object> attributes = new TreeMap<>();
        request.headers().forEach((name, values) -> {
            String small = name.toLowerCase(Locale.ROOT);
            if (small.startsWith("ce-")) {
                attributes.put(small.substring(3), decoded(values.getFirst()));
            }
        });
        request.header("Content-Type").ifPresent(type -> attributes.put("datacontenttype", type));
        return new Event(attributes, request.body().length == 0 ? Optional.empty() : Optional.of(request.body()));
    }

    /** Percent-encoded as the binding says; a plus is itself. */
    private static String decoded(String value) {
        try {
            return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return value;
        }
    }

    private static Event structured(String text) throws JsonProblem {
        if (!(JsonReader.read(text) instanceof Map<?, ?> tree)) {
            throw new IllegalArgumentException("a structured event is an object");
        }
        Map<String, Object> attributes = new TreeMap<>();
        tree.forEach((name, value) -> {
            if (value != null && !name.equals("data") && !name.equals("data_base64")) {
                attributes.put(String.valueOf(name), value);
            }
        });
        if (tree.get("data_base64") instanceof String encoded) {
            return new Event(attributes, Optional.of(Base64.getDecoder().decode(encoded)));
        }
        Object data = tree.get("data");
        if (data == null) {
            return new Event(attributes, Optional.empty());
        }
        String type = String.valueOf(attributes.getOrDefault("datacontenttype", "application/json"));
        boolean json = type.contains("json");
        String plain = data instanceof String words && !json ? words : JsonWriter.write(data, Dialect.BEANS);
        return new Event(attributes, Optional.of(plain.getBytes(StandardCharsets.UTF_8)));
    }

    String text(String attribute) {
        return String.valueOf(attributes.getOrDefault(attribute, ""));
    }

    /** The names of the specification's attributes that it has. */
    Set<String> attributeNames() {
        return attributes.keySet().stream().filter(OWN::contains).collect(Collectors.toSet());
    }

    /** As the SDK's type, for a function whose loader knows it. */
    Object forFunction(ClassLoader loader) throws Unsuitable, ReflectiveOperationException {
        for (String required : List.of("specversion", "id", "type", "source")) {
            if (!attributes.containsKey(required)) {
                throw new IllegalArgumentException("the event has no attribute " + required);
            }
        }
        Class<?> versions = Foreign.type(loader, "io.cloudevents.SpecVersion");
        Object version = version(versions);
        for (String parsed : List.of("source", "dataschema", "time")) {
            typed(parsed); // a function's own question is too late to refuse it
        }
        Class<?> dataType = Foreign.type(loader, "io.cloudevents.CloudEventData");
        Object standIn = data.map(bytes -> Foreign.standIn(
                        dataType,
                        Map.of(
                                "toBytes", _ -> bytes.clone(),
                                "toString", _ -> new String(bytes, StandardCharsets.UTF_8))))
                .orElse(null);
        Map<String, Foreign.Answer> answers = Map.ofEntries(
                Map.entry("getSpecVersion", _ -> version),
                Map.entry("getId", _ -> text("id")),
                Map.entry("getType", _ -> text("type")),
                Map.entry("getSource", _ -> URI.create(text("source"))),
                Map.entry("getDataContentType", _ -> attributes.get("datacontenttype")),
                Map.entry("getDataSchema", _ -> typed("dataschema")),
                Map.entry("getSubject", _ -> attributes.get("subject")),
                Map.entry("getTime", _ -> typed("time")),
                Map.entry("getAttribute", given -> attribute(String.valueOf(given[0]), version)),
                Map.entry("getAttributeNames", _ -> attributeNames()),
                Map.entry("getExtension", given -> extension(String.valueOf(given[0]))),
                Map.entry("getExtensionNames", _ -> extensionNames()),
                Map.entry("getData", _ -> standIn),
                Map.entry("toString", _ -> "CloudEvent" + attributes));
        return Foreign.standIn(Foreign.type(loader, TYPE), answers);
    }

    private Object version(Class<?> versions) throws ReflectiveOperationException {
        try {
            return versions.getMethod("parse", String.class).invoke(null, text("specversion"));
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException("specversion: " + text("specversion") + " (expected: 1.0)", e);
        }
    }

    private Set<String> extensionNames() {
        return attributes.keySet().stream().filter(name -> !OWN.contains(name)).collect(Collectors.toSet());
    }

    private @Nullable Object extension(String name) {
        return OWN.contains(name) ? null : attributes.get(name);
    }

    private @Nullable Object attribute(String name, Object version) {
        if (!OWN.contains(name)) {
            throw new IllegalArgumentException("Spec version v1 does not have attribute named " + name);
        }
        return name.equals("specversion") ? version : typed(name);
    }

    private @Nullable Object typed(String name) {
        Object value = attributes.get(name);
        try {
            return typed(name, value);
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new IllegalArgumentException("the event's " + name + ": " + e.getMessage(), e);
        }
    }

    private static @Nullable Object typed(String name, @Nullable Object value) {
        return switch (name) {
            case "source", "dataschema" -> value == null ? null : URI.create(value.toString());
            case "time" -> value == null ? null : OffsetDateTime.parse(value.toString());
            default -> value;
        };
    }

    /** One that a function has made with whatever implements the SDK's interface. */
    static Event from(Object made) throws Throwable {
        Map<String, Object> attributes = new TreeMap<>();
        for (String name : OWN) {
            Object value = Foreign.get(made, getter(name));
            if (value != null) {
                attributes.put(name, value.toString());
            }
        }
        if (Foreign.get(made, "getExtensionNames") instanceof Set<?> names) {
            for (Object name : names) {
                Object value = Foreign.call(made.getClass().getMethod("getExtension", String.class), made, name);
                attributes.put(String.valueOf(name), String.valueOf(value));
            }
        }
        Object data = Foreign.get(made, "getData");
        Object bytes = data == null ? null : Foreign.get(data, "toBytes");
        return new Event(attributes, Optional.ofNullable((byte[]) bytes));
    }

    private static String getter(String attribute) {
        return switch (attribute) {
            case "specversion" -> "getSpecVersion";
            case "datacontenttype" -> "getDataContentType";
            case "dataschema" -> "getDataSchema";
            default -> "get" + Character.toUpperCase(attribute.charAt(0)) + attribute.substring(1);
        };
    }

    /** In binary mode. */
    void write(Response response) throws IOException {
        for (Map.Entry<String, Object> attribute : attributes.entrySet()) {
            if (attribute.getKey().equals("datacontenttype")) {
                response.set("Content-Type", attribute.getValue().toString());
            } else {
                response.set(
                        "ce-" + attribute.getKey(), encoded(attribute.getValue().toString()));
            }
        }
        if (data.isPresent()) {
            response.body().write(data.get());
        }
    }

    private static String encoded(String value) {
        StringBuilder text = new StringBuilder();
        for (byte each : value.getBytes(StandardCharsets.UTF_8)) {
            if (each >= ' ' && each < 127 && each != '"' && each != '%') {
                text.append((char) each);
            } else {
                text.append(String.format(Locale.ROOT, "%%%02X", each));
            }
        }
        return text.toString();
    }
}
