package dev.weft.runtime.host.shape;

import dev.weft.runtime.host.http.Request;
import dev.weft.runtime.host.http.Response;
import dev.weft.runtime.host.json.Binding;
import dev.weft.runtime.host.json.Dialect;
import dev.weft.runtime.host.json.JsonWriter;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The Functions Framework's {@code TypedFunction}: JSON by Gson's rules, unless it has a wire format of its own. */
final class GoogleTyped implements Framework {

    static final String NAME = "com.google.cloud.functions.TypedFunction";

    private final Object function;
    private final GoogleMessages messages;
    private final Method method;
    private final Type input;
    private final Optional<Format> format;
    private final Binding binding = new Binding(Dialect.FIELDS);

    /** One of the function's own. */
    private record Format(Object instance, Method read, Method write) {}

    GoogleTyped(Object function) throws Unsuitable {
        ClassLoader loader = function.getClass().getClassLoader();
        this.function = function;
        this.messages = new GoogleMessages(loader);
        this.method = Foreign.method(function.getClass(), "apply", 1);
        this.input = method.getGenericParameterTypes()[0];
        Class<?> type = Foreign.type(loader, NAME + "$WireFormat");
        try {
            Object own = Foreign.get(function, "getWireFormat");
            this.format = own == null
                    ? Optional.empty()
                    : Optional.of(new Format(
                            own,
                            type.getMethod("deserialize", messages.requestType(), Type.class),
                            type.getMethod("serialize", Object.class, messages.responseType())));
        } catch (Throwable e) {
            throw new Unsuitable("its wire format cannot be had", e);
        }
    }

    @Override
    public void failed(Response response) {}

    @Override
    public void call(Request request, Response response) throws Throwable {
        Object given;
        try {
            given = read(request);
        } catch (Throwable e) { // whatever fails while reading, the request was at fault
            System.err.println(
                    "Failed to parse request for " + function.getClass().getName() + ": " + e);
            response.status(400);
            return;
        }
        write(Foreign.call(method, function, given), response);
    }

    private @Nullable Object read(Request request) throws Throwable {
        if (format.isPresent()) {
            Format own = format.get();
            return Foreign.call(own.read(), own.instance(), messages.request(request), input);
        }
        return request.text().isBlank() ? null : binding.read(request.text(), input);
    }

    private void write(@Nullable Object output, Response response) throws Throwable {
        if (format.isPresent()) {
            Format own = format.get();
            GoogleMessages.Answered answered = messages.response(response);
            Foreign.call(own.write(), own.instance(), output, answered.response());
            answered.finish();
        } else if (output == null) {
            response.status(204);
        } else {
            response.body().write(JsonWriter.write(output, Dialect.FIELDS).getBytes(StandardCharsets.UTF_8));
        }
    }
}
