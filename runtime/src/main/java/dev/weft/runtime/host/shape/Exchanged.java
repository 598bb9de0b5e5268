package dev.weft.runtime.host.shape;

import dev.weft.runtime.host.http.Request;
import dev.weft.runtime.host.http.Response;
import dev.weft.runtime.host.json.Binding;
import dev.weft.runtime.host.json.Dialect;
import dev.weft.runtime.host.json.JsonProblem;
import dev.weft.runtime.host.json.JsonWriter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A request as the value that a plain function takes, and its result as an answer. */
final class Exchanged {

    private static final Binding BINDING = new Binding(Dialect.BEANS);

    private Exchanged() {}

    /** The request is not what the function takes; the message is for the caller. */
    static final class Unfit extends Exception {
        private static final long serialVersionUID = 1;

        Unfit(String message) {
            super(message);
        }
    }

    /** Calls it with the body, or with an item of the path in its place. */
    static void serve(Step step, Request request, Optional<String> item, ClassLoader loader, Response response)
            throws Throwable {
        Object input;
        try {
            input = input(step.input(), request, item, loader);
        } catch (Unfit e) {
            refuse(e, response);
            return;
        }
        Object output = step.call().with(input);
        if (step.answers()) {
            write(output, response);
        } else {
            response.status(202);
        }
    }

    private static @Nullable Object input(Type type, Request request, Optional<String> item, ClassLoader loader)
            throws Unfit, Unsuitable, ReflectiveOperationException {
        if (type == void.class) {
            return null;
        }
        byte[] body = item.map(text -> text.getBytes(StandardCharsets.UTF_8)).orElse(request.body());
        if (type == byte[].class) {
            return body;
        }
        if (type == InputStream.class) {
            return new ByteArrayInputStream(body);
        }
        if (type == String.class || type == CharSequence.class) {
            return item.orElseGet(request::text);
        }
        try {
            if (type instanceof Class<?> plain && plain.getName().equals(Event.TYPE)) {
                return event(request, loader);
            }
            return bound(type, request, item);
        } catch (JsonProblem e) {
            throw new Unfit("the body is not what the function takes: " + e.getMessage());
        }
    }

    private static Object event(Request request, ClassLoader loader)
            throws JsonProblem, Unfit, Unsuitable, ReflectiveOperationException {
        if (!Event.is(request)) {
            throw new Unfit("the function takes CloudEvents: send Content-Type application/cloudevents+json, or the"
                    + " headers ce-specversion, ce-id, ce-source and ce-type");
        }
        try {
            return Event.of(request).forFunction(loader);
        } catch (IllegalArgumentException e) {
            throw new Unfit(String.valueOf(e.getMessage()));
        }
    }

    private static Event received(Request request) throws JsonProblem, Unfit {
        try {
            return Event.of(request);
        } catch (IllegalArgumentException e) {
            throw new Unfit("the event is malformed: " + e.getMessage());
        }
    }

    /** JSON; where there is no body, the query's parameters; text for a function of any object that is sent something else. */
    private static @Nullable Object bound(Type type, Request request, Optional<String> item) throws JsonProblem, Unfit {
        String text = item.orElseGet(request::text);
        if (Event.is(request) && item.isEmpty()) {
            text = new String(received(request).data().orElse(new byte[0]), StandardCharsets.UTF_8);
        } else if (type == Object.class && !request.mediaType().endsWith("json")) {
            return text;
        }
        if (item.isPresent()) {
            return BINDING.bind(text, type);
        }
        if (!text.isBlank()) {
            return BINDING.read(text, type);
        }
        Map<String, List<String>> parameters = request.parameters();
        if (parameters.isEmpty()) {
            return BINDING.bind(null, type);
        }
        Map<String, Object> tree = new LinkedHashMap<>();
        parameters.forEach((name, values) -> tree.put(name, values.size() == 1 ? values.getFirst() : values));
        return BINDING.bind(tree, type);
    }

    /** Text as text, bytes as they are, events in binary mode, all else as JSON; nothing for nothing. */
    static void write(@Nullable Object output, Response response) throws Throwable {
        Object value = output instanceof Optional<?> optional ? optional.orElse(null) : output;
        switch (value) {
            case null -> response.status(204);
            case CharSequence text -> text(text.toString(), response);
            case byte[] bytes -> {
                response.set("Content-Type", "application/octet-stream");
                response.body().write(bytes);
            }
            default -> {
                if (event(value.getClass())) {
                    Event.from(value).write(response);
                } else {
                    json(JsonWriter.write(value, Dialect.BEANS), response);
                }
            }
        }
    }

    private static boolean event(@Nullable Class<?> type) {
        for (Class<?> each = type; each != null; each = each.getSuperclass()) {
            for (Class<?> implemented : each.getInterfaces()) {
                if (implemented.getName().equals(Event.TYPE) || event(implemented)) {
                    return true;
                }
            }
        }
        return false;
    }

    static void refuse(Unfit problem, Response response) throws IOException {
        response.status(400);
        text(problem.getMessage() + "\n", response);
    }

    static void json(String json, Response response) throws IOException {
        response.set("Content-Type", "application/json");
        response.body().write(json.getBytes(StandardCharsets.UTF_8));
    }

    static void text(String text, Response response) throws IOException {
        response.set("Content-Type", "text/plain; charset=utf-8");
        response.body().write(text.getBytes(StandardCharsets.UTF_8));
    }
}
