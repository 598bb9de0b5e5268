package dev.weft.cli.platform;

import dev.weft.cli.client.Texts;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Answers the platform's own questions, behind the API's token. */
final class JsonHandler extends Handler.Abstract {

    /** What is asked. */
    @FunctionalInterface
    interface Question {
        /**
         * Answers.
         *
         * @param method for example {@code GET}
         * @param rest of the path, without a slash at its beginning
         * @throws IllegalArgumentException with a message for people; the answer is 404
         */
        JsonNode answer(String method, String rest);
    }

    private final String path;
    private final List<String> methods;
    private final Question question;

    /** @param methods that it answers; all others are refused */
    JsonHandler(String path, List<String> methods, Question question) {
        this.path = path;
        this.methods = List.copyOf(methods);
        this.question = question;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        if (!methods.contains(request.getMethod())) {
            String allowed = String.join(", ", methods);
            response.setStatus(405);
            response.getHeaders().put(HttpHeader.ALLOW, allowed);
            write(message("only " + allowed + " is answered here"), response, callback);
            return true;
        }
        String rest = Request.getPathInContext(request).substring(path.length());
        JsonNode answer;
        try {
            answer = question.answer(request.getMethod(), rest.startsWith("/") ? rest.substring(1) : rest);
        } catch (IllegalArgumentException e) {
            response.setStatus(404);
            answer = message(String.valueOf(e.getMessage()));
        }
        write(answer, response, callback);
        return true;
    }

    private static JsonNode message(String text) {
        return JsonNodeFactory.instance.objectNode().put("message", text);
    }

    private static void write(JsonNode answer, Response response, Callback callback) {
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        byte[] body = Texts.json(answer).getBytes(StandardCharsets.UTF_8);
        response.write(true, java.nio.ByteBuffer.wrap(body), callback);
    }
}
