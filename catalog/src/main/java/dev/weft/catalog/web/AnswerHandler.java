package dev.weft.catalog.web;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;

/** Serves one {@link Answer}, wherever in a path its name stands. */
final class AnswerHandler extends Handler.Abstract {

    private final String name;
    private final Answer answer;

    AnswerHandler(String name, Answer answer) {
        this.name = name;
        this.answer = answer;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        write(reply(request), response, callback);
        return true;
    }

    static void write(Reply reply, Response response, Callback callback) {
        response.setStatus(reply.status());
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, reply.contentType());
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        reply.headers().forEach((header, value) -> response.getHeaders().put(new HttpField(header, value)));
        response.write(true, ByteBuffer.wrap(reply.body().getBytes(StandardCharsets.UTF_8)), callback);
    }

    static Map<String, String> parameters(Request request) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (Fields.Field field : Request.extractQueryParameters(request)) {
            parameters.put(field.getName(), field.getValue());
        }
        return parameters;
    }

    private Reply reply(Request request) {
        if (!request.getMethod().equals("GET")) {
            return Reply.onlyBy("GET");
        }
        try {
            return answer.to(rest(request.getHttpURI().getDecodedPath()), parameters(request));
        } catch (IllegalArgumentException e) {
            return Reply.problem(400, "Bad request", String.valueOf(e.getMessage()));
        }
    }

    private String rest(String path) {
        int at = path.lastIndexOf("/" + name + "/");
        return at < 0 ? "" : path.substring(at + name.length() + 2);
    }
}
