package dev.weft.runtime.host.shape;

import dev.weft.runtime.host.http.Request;
import dev.weft.runtime.host.http.Response;
import dev.weft.runtime.host.json.Binding;
import dev.weft.runtime.host.json.Dialect;
import dev.weft.runtime.host.json.JsonReader;
import dev.weft.runtime.host.json.JsonWriter;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The Functions Framework's functions of events: CloudEvents, and the older events of Google's with {@code data} and {@code
 * context}. Older ones of single Google products are not rewritten to CloudEvents, nor the other way round.
 */
final class GoogleEvents implements Framework {

    private static final String PACKAGE = "com.google.cloud.functions.";

    enum Kind {
        CLOUD_EVENTS("CloudEventsFunction", 1),
        BACKGROUND("BackgroundFunction", 2),
        RAW_BACKGROUND("RawBackgroundFunction", 2);

        private final String type;
        private final int parameters;

        Kind(String type, int parameters) {
            this.type = type;
            this.parameters = parameters;
        }

        static Optional<Kind> among(Set<String> names) {
            for (Kind kind : values()) {
                if (names.contains(PACKAGE + kind.type)) {
                    return Optional.of(kind);
                }
            }
            return Optional.empty();
        }
    }

    private final Kind kind;
    private final Object function;
    private final Method method;
    private final Binding binding = new Binding(Dialect.FIELDS);

    GoogleEvents(Kind kind, Object function) throws Unsuitable {
        this.kind = kind;
        this.function = function;
        this.method = Foreign.method(function.getClass(), "accept", kind.parameters);
        if (kind == Kind.BACKGROUND && method.getParameterTypes()[0] == Object.class) {
            throw new Unsuitable("the type of its events cannot be told; implement BackgroundFunction<T> for some T");
        }
    }

    @Override
    public void call(Request request, Response response) throws Throwable {
        if (Event.is(request)) {
            cloudEvent(Event.of(request));
        } else {
            olderEvent(request);
        }
    }

    private void cloudEvent(Event event) throws Throwable {
        Object made = event.forFunction(loader()); // checks it, for all kinds
        String data = new String(event.data().orElse(new byte[0]), StandardCharsets.UTF_8);
        switch (kind) {
            case CLOUD_EVENTS -> Foreign.call(method, function, made);
            case BACKGROUND -> {
                if (event.data().isEmpty()) {
                    throw new IllegalStateException("Event has no \"data\" component");
                }
                Object payload = binding.read(data, method.getGenericParameterTypes()[0]);
                Foreign.call(method, function, payload, context(event));
            }
            case RAW_BACKGROUND -> Foreign.call(method, function, event.data().isEmpty() ? "{}" : data, context(event));
        }
    }

    private void olderEvent(Request request) throws Throwable {
        if (!(JsonReader.read(request.text()) instanceof Map<?, ?> event)) {
            throw new IllegalArgumentException("an event is an object with data and context");
        }
        Object data = event.get("data");
        Map<?, ?> about = event.get("context") instanceof Map<?, ?> context ? context : event;
        switch (kind) {
            case CLOUD_EVENTS ->
                throw new IllegalArgumentException(
                        "this is no CloudEvent: its headers and its content type say nothing");
            case BACKGROUND -> {
                Object payload = binding.bind(data, method.getGenericParameterTypes()[0]);
                Foreign.call(method, function, payload, context(about));
            }
            case RAW_BACKGROUND ->
                Foreign.call(method, function, JsonWriter.write(data, Dialect.FIELDS), context(about));
        }
    }

    private Object context(Event event) throws Unsuitable {
        Object time = event.attributes().get("time");
        Instant at = time == null
                ? Instant.now()
                : OffsetDateTime.parse(time.toString()).toInstant();
        Map<String, String> attributes = new LinkedHashMap<>();
        event.attributeNames().forEach(name -> attributes.put(name, event.text(name)));
        return context(
                event.text("id"), DateTimeFormatter.ISO_INSTANT.format(at), event.text("type"), "{}", attributes);
    }

    private Object context(Map<?, ?> about) throws Unsuitable {
        Object resource = about.get("resource");
        return context(
                text(about.get("eventId")),
                text(about.get("timestamp")),
                text(about.get("eventType")),
                resource instanceof Map<?, ?> ? JsonWriter.write(resource, Dialect.FIELDS) : text(resource),
                Map.of());
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }

    private Object context(
            @Nullable String id,
            @Nullable String timestamp,
            @Nullable String type,
            @Nullable String resource,
            Map<String, String> attributes)
            throws Unsuitable {
        return Foreign.standIn(
                Foreign.type(loader(), PACKAGE + "Context"),
                Map.of(
                        "eventId", _ -> id,
                        "timestamp", _ -> timestamp,
                        "eventType", _ -> type,
                        "resource", _ -> resource,
                        "attributes", _ -> attributes));
    }

    private ClassLoader loader() {
        return function.getClass().getClassLoader();
    }
}
