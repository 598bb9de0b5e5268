package dev.weft.runtime.host.shape;

import dev.weft.runtime.host.http.Handler;
import dev.weft.runtime.host.http.Request;
import dev.weft.runtime.host.http.Response;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** OpenFaaS's {@code IHandler} of its Java templates. */
final class OpenFaas implements Handler {

    static final String NAME = "com.openfaas.model.IHandler";

    private final Object function;
    private final Method method;
    private final Class<?> requestType;

    OpenFaas(Object function) throws Unsuitable {
        this.function = function;
        this.method = Foreign.method(function.getClass(), "Handle", 1);
        this.requestType = Foreign.type(function.getClass().getClassLoader(), "com.openfaas.model.IRequest");
    }

    @Override
    public void handle(Request request, Response response) throws Throwable {
        if (request.path().equals("/_/health")) { // its watchdog's
            return;
        }
        Map<String, String> headers = new LinkedHashMap<>();
        request.headers().forEach((name, values) -> headers.put(name, values.getFirst()));
        Map<String, String> query = new LinkedHashMap<>();
        request.parameters().forEach((name, values) -> query.put(name, values.getFirst()));
        Object given = Foreign.standIn(
                requestType,
                Map.of(
                        "getBody", _ -> request.text(),
                        "getHeaders", _ -> headers,
                        "getHeader",
                                arguments -> request.header(String.valueOf(arguments[0]))
                                        .orElse(null),
                        "getQueryRaw", _ -> request.query().orElse(""),
                        "getQuery", _ -> query,
                        "getPathRaw", _ -> request.path(),
                        "getPath", _ -> path(request.path())));
        Object made = Foreign.call(method, function, given);
        if (made == null) {
            response.status(204);
            return;
        }
        if (Foreign.get(made, "getStatusCode") instanceof Integer status && status > 0) {
            response.status(status);
        }
        if (Foreign.get(made, "getHeaders") instanceof Map<?, ?> answered) {
            answered.forEach((name, value) -> response.set(String.valueOf(name), String.valueOf(value)));
        }
        if (Foreign.get(made, "getContentType") instanceof String type && !type.isEmpty()) {
            response.set("Content-Type", type);
        }
        Object body = Foreign.get(made, "getBody");
        if (body instanceof byte[] bytes) {
            response.body().write(bytes);
        } else if (body != null) {
            response.body().write(body.toString().getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Pairs, as its templates read them: {@code /name/value}. */
    private static Map<String, String> path(String raw) {
        Map<String, String> path = new LinkedHashMap<>();
        String[] words = raw.substring(1).split("/", -1);
        for (int i = 0; i + 1 < words.length; i += 2) {
            path.put(words[i], words[i + 1]);
        }
        return path;
    }
}
