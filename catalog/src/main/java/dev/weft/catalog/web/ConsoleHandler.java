package dev.weft.catalog.web;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The console's paths. Every request must name this machine as its host: a page of another site that points its own name
 * at 127.0.0.1 (DNS rebinding) gets nothing.
 */
final class ConsoleHandler extends Handler.Abstract {

    private static final Set<String> HOSTS = Set.of("localhost", "127.0.0.1", "[::1]", "::1");
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
            + "img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final ConsoleState state;
    private final Map<String, Handler> answers;
    private final EventStream stream;
    private final Assets assets = new Assets();

    /** Serves these answers beside its own pages. */
    ConsoleHandler(ConsoleState state, Map<String, Handler> answers, BooleanSupplier closing) {
        this.state = state;
        this.answers = answers;
        this.stream = new EventStream(state, closing);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        HttpFields.Mutable headers = response.getHeaders();
        headers.put("Content-Security-Policy", POLICY);
        headers.put("X-Content-Type-Options", "nosniff");
        headers.put("Referrer-Policy", "no-referrer");
        headers.put("Cross-Origin-Resource-Policy", "same-origin");
        if (!here(request)) {
            write(
                    Reply.problem(
                            421,
                            "Not this host",
                            "The console answers only as localhost or 127.0.0.1, so that no other site's page can read it."),
                    response,
                    callback);
            return true;
        }
        String path = request.getHttpURI().getDecodedPath();
        if (path.equals("/api/stream")) {
            if (request.getMethod().equals("GET")) {
                return stream.handle(response, callback);
            }
            write(Reply.onlyBy("GET"), response, callback);
            return true;
        }
        Optional<Handler> answer = answer(path);
        if (answer.isPresent()) {
            return answer.get().handle(request, response, callback);
        }
        write(own(request.getMethod(), path), response, callback);
        return true;
    }

    private Reply own(String method, String path) {
        if (!method.equals("GET") && !method.equals("HEAD")) {
            return Reply.onlyBy("GET, HEAD");
        }
        if (path.equals("/api/state")) {
            return Reply.json(sections());
        }
        if (path.equals("/")) {
            return assets.page(sections());
        }
        return assets.find(path).orElseGet(() -> Reply.problem(404, "Not found", "There is no " + path + " here."));
    }

    private ObjectNode sections() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        state.sections().forEach(json::set);
        return json;
    }

    /** {@code /metrics}, and the tables under {@code /api/}; {@code tap} is for those who hold the API's token. */
    private Optional<Handler> answer(String path) {
        if (path.equals("/metrics")) {
            return Optional.ofNullable(answers.get("metrics"));
        }
        if (!path.startsWith("/api/")) {
            return Optional.empty();
        }
        String rest = path.substring("/api/".length());
        String name = rest.contains("/") ? rest.substring(0, rest.indexOf('/')) : rest;
        return name.equals("tap") ? Optional.empty() : Optional.ofNullable(answers.get(name));
    }

    private static boolean here(Request request) {
        String host = request.getHeaders().get(HttpHeader.HOST);
        if (host == null) {
            return false;
        }
        String name = host.replaceFirst(":\\d{1,5}$", "").toLowerCase(java.util.Locale.ROOT);
        return HOSTS.contains(name) || name.endsWith(".localhost");
    }

    private static void write(Reply reply, Response response, Callback callback) {
        AnswerHandler.write(reply, response, callback);
    }
}
