package dev.weft.runtime.host.shape;

import dev.weft.runtime.host.http.Handler;
import dev.weft.runtime.host.http.LongestAnswer;
import dev.weft.runtime.host.http.Request;
import dev.weft.runtime.host.http.Response;
import dev.weft.runtime.host.json.Binding;
import dev.weft.runtime.host.json.Dialect;
import dev.weft.runtime.host.json.JsonProblem;
import dev.weft.runtime.host.json.JsonReader;
import dev.weft.runtime.host.json.JsonWriter;
import java.io.ByteArrayInputStream;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Lambda's {@code RequestHandler} and {@code RequestStreamHandler}: the body is the event, the result the answer, as JSON. One
 * that takes an event of the API gateway is given the request as such, and what it returns becomes the answer.
 */
final class Lambda implements Handler {

    static final String NAME = "com.amazonaws.services.lambda.runtime.RequestHandler";
    static final String STREAM_NAME = "com.amazonaws.services.lambda.runtime.RequestStreamHandler";
    private static final String CONTEXT = "com.amazonaws.services.lambda.runtime.Context";
    private static final String LOGGER = "com.amazonaws.services.lambda.runtime.LambdaLogger";
    private static final Duration USUAL = Duration.ofMinutes(5);

    private final Object function;
    private final boolean streams;
    private final Method method;
    private final Type input;
    private final Class<?> context;
    private final Object logger;
    private final Binding binding = new Binding(Dialect.BEANS);

    Lambda(Object function, boolean streams, Optional<String> member) throws Unsuitable {
        ClassLoader loader = function.getClass().getClassLoader();
        this.function = function;
        this.streams = streams;
        this.method = Foreign.method(function.getClass(), member.orElse("handleRequest"), streams ? 3 : 2);
        this.input = method.getGenericParameterTypes()[0];
        this.context = Foreign.type(loader, CONTEXT);
        this.logger = Foreign.standIn(Foreign.type(loader, LOGGER), Map.of("log", given -> {
            System.out.println(given[0] instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : given[0]);
            return null;
        }));
    }

    @Override
    public void handle(Request request, Response response) throws Throwable {
        if (Health.asked(request)) {
            return;
        }
        if (streams) {
            Foreign.call(method, function, new ByteArrayInputStream(request.body()), response.body(), context());
            return;
        }
        boolean gateway = input.getTypeName().contains(".events.APIGateway");
        Object event;
        try {
            event = gateway
                    ? binding.bind(gatewayEvent(request), input)
                    : request.body().length == 0 ? null : binding.read(request.text(), input);
        } catch (JsonProblem e) {
            response.status(400);
            Exchanged.text("the body is not what the function takes: " + e.getMessage() + "\n", response);
            return;
        }
        Object output = Foreign.call(method, function, event, context());
        String json = JsonWriter.write(output, Dialect.BEANS);
        if (gateway && JsonReader.read(json) instanceof Map<?, ?> answer && answer.get("statusCode") != null) {
            answer(answer, response);
        } else {
            Exchanged.json(json, response);
        }
    }

    /** The fields that versions 1 and 2 of the gateway's events have. */
    private static Map<String, @Nullable Object> gatewayEvent(Request request) {
        Map<String, String> headers = new LinkedHashMap<>();
        request.headers().forEach((name, values) -> headers.put(name, String.join(",", values)));
        Map<String, String> query = new LinkedHashMap<>();
        request.parameters().forEach((name, values) -> query.put(name, String.join(",", values)));
        Map<String, @Nullable Object> event = new LinkedHashMap<>();
        event.put("httpMethod", request.method());
        event.put("path", request.path());
        event.put("rawPath", request.path());
        event.put("rawQueryString", request.query().orElse(""));
        event.put("headers", headers);
        event.put("queryStringParameters", query);
        event.put("body", request.body().length == 0 ? null : request.text());
        event.put("isBase64Encoded", false);
        return event;
    }

    private static void answer(Map<?, ?> answer, Response response) throws Throwable {
        if (answer.get("statusCode") instanceof Number status) {
            response.status(status.intValue());
        }
        if (answer.get("headers") instanceof Map<?, ?> headers) {
            headers.forEach((name, value) -> response.set(String.valueOf(name), String.valueOf(value)));
        }
        if (answer.get("body") instanceof String body) {
            boolean encoded = Boolean.TRUE.equals(answer.get("isBase64Encoded"));
            response.body().write(encoded ? Base64.getDecoder().decode(body) : body.getBytes(StandardCharsets.UTF_8));
        }
    }

    private Object context() {
        String id = UUID.randomUUID().toString();
        String name = System.getenv().getOrDefault("K_SERVICE", "function");
        long end = System.nanoTime()
                + LongestAnswer.in(System.getenv()).orElse(USUAL).toNanos();
        Map<String, Foreign.Answer> answers = new LinkedHashMap<>();
        answers.put("getAwsRequestId", _ -> id);
        answers.put("getLogGroupName", _ -> name);
        answers.put("getLogStreamName", _ -> System.getenv().getOrDefault("HOSTNAME", name));
        answers.put("getFunctionName", _ -> name);
        answers.put("getFunctionVersion", _ -> System.getenv().getOrDefault("K_REVISION", "1"));
        answers.put("getInvokedFunctionArn", _ -> "arn:weft:function:" + name);
        answers.put("getIdentity", _ -> null);
        answers.put("getClientContext", _ -> null);
        answers.put(
                "getRemainingTimeInMillis",
                _ -> Math.clamp((end - System.nanoTime()) / 1_000_000, 0, Integer.MAX_VALUE));
        answers.put("getMemoryLimitInMB", _ -> (int) (Runtime.getRuntime().maxMemory() >> 20));
        answers.put("getLogger", _ -> logger);
        return Foreign.standIn(context, answers);
    }
}
