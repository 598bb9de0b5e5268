package dev.weft.cli.platform;

import dev.weft.cli.client.Texts;
import java.nio.charset.StandardCharsets;
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
    private final Question question;

    JsonHandler(String path, Question question) {
        this.path = path;
        this.question = question;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        String rest = Request.getPathInContext(request).substring(path.length());
        JsonNode answer;
        try {
            answer = question.answer(request.getMethod(), rest.startsWith("/") ? rest.substring(1) : rest);
        } catch (IllegalArgumentException e) {
            response.setStatus(404);
            answer = JsonNodeFactory.instance.objectNode().put("message", e.getMessage());
        }
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        byte[] body = Texts.json(answer).getBytes(StandardCharsets.UTF_8);
        response.write(true, java.nio.ByteBuffer.wrap(body), callback);
        return true;
    }
}
