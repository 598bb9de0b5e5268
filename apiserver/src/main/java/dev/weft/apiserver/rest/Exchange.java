package dev.weft.apiserver.rest;

import dev.weft.apiserver.access.User;
import dev.weft.apiserver.cel.Budget;
import dev.weft.apiserver.stream.RawConnection;
import dev.weft.apiserver.stream.SlowClients;
import dev.weft.apiserver.stream.WebSocket;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import tools.jackson.databind.JsonNode;

/** One request and its answer. Used by the request's own virtual thread. */
final class Exchange {

    /** As in Kubernetes. */
    static final int BODY_BYTES_MAX = 3 << 20;

    private static final String WARNING = "Warning";
    private static final String WEBSOCKET = "websocket";

    private final Request request;
    private final Response response;
    private final Callback callback;
    private final Fields query;
    private final Warnings warnings = new Warnings();
    private final Budget budget = new Budget();

    Exchange(Request request, Response response, Callback callback) {
        this.request = request;
        this.response = response;
        this.callback = callback;
        this.query = Request.extractQueryParameters(request);
    }

    User user() {
        return request.getAttribute(Api.USER) instanceof User user ? user : User.NOBODY;
    }

    /** What expressions about this request may still cost. */
    Budget budget() {
        return budget;
    }

    String method() {
        return request.getMethod();
    }

    String path() {
        return Request.getPathInContext(request);
    }

    /** A parameter of the query; empty when it is not given. */
    String query(String name) {
        String value = query.getValue(name);
        return value == null ? "" : value;
    }

    boolean flag(String name) {
        String value = query(name);
        return value.equals("true") || value.equals("1");
    }

    /** @throws ApiException with 400 when it is no number */
    Optional<Long> number(String name) {
        String value = query(name);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Long.parseLong(value));
        } catch (NumberFormatException e) {
            throw ApiException.badRequest(name + ": \"" + value + "\" is not a number");
        }
    }

    /** @throws ApiException with 400 for anything but {@code All} */
    boolean dryRun() {
        String value = query("dryRun");
        if (value.isEmpty() || value.equals("All")) {
            return !value.isEmpty();
        }
        throw ApiException.badRequest("dryRun: \"" + value + "\" (expected: All)");
    }

    /** The media type of the body, without its parameters. */
    String contentType() {
        String type = header(HttpHeader.CONTENT_TYPE);
        int end = type.indexOf(';');
        return (end < 0 ? type : type.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }

    String accept() {
        return header(HttpHeader.ACCEPT);
    }

    /** The program that asks; empty when it does not say. */
    String userAgent() {
        return header(HttpHeader.USER_AGENT);
    }

    String address() {
        return Request.getServerName(request) + ":" + Request.getServerPort(request);
    }

    /** A header of the request; empty when it is not there. */
    String header(String name) {
        String value = request.getHeaders().get(name);
        return value == null ? "" : value;
    }

    /** All values of a header, those between commas apart. */
    List<String> headers(String name) {
        return request.getHeaders().getValuesList(name).stream()
                .flatMap(value -> java.util.Arrays.stream(value.split(",", -1)))
                .map(String::strip)
                .toList();
    }

    /** All values of a parameter of the query. */
    List<String> queries(String name) {
        return query.getValuesOrEmpty(name);
    }

    /**
     * Makes the connection be something else.
     *
     * @param headers of the answer that says so
     * @param closed called once when it has ended
     */
    void upgrade(Map<String, String> headers, RawConnection.Service service, Runnable closed) {
        ConnectionMetaData connection = request.getConnectionMetaData();
        EndPoint endPoint = connection.getConnection().getEndPoint();
        request.setAttribute(
                HttpStream.UPGRADE_CONNECTION_ATTRIBUTE,
                new RawConnection(endPoint, connection.getConnector().getExecutor(), service, closed));
        begin(101);
        response.getHeaders().put(HttpHeader.CONNECTION, "Upgrade");
        headers.forEach((name, value) -> response.getHeaders().put(name, value));
        callback.succeeded();
    }

    boolean wantsWebSocket() {
        return header("Upgrade").equalsIgnoreCase(WEBSOCKET) && method().equals("GET");
    }

    /**
     * Makes the connection a WebSocket.
     *
     * @param protocol the one agreed on; empty when the client need not offer any
     */
    void upgradeToWebSocket(Optional<String> protocol, RawConnection.Service service, Runnable closed) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Upgrade", WEBSOCKET);
        headers.put("Sec-WebSocket-Accept", WebSocket.accept(header("Sec-WebSocket-Key")));
        protocol.ifPresent(agreed -> headers.put("Sec-WebSocket-Protocol", agreed));
        EndPoint client = request.getConnectionMetaData().getConnection().getEndPoint();
        upgrade(headers, (in, out) -> service.serve(in, SlowClients.watched(request, client, out)), closed);
    }

    private String header(HttpHeader header) {
        String value = request.getHeaders().get(header);
        return value == null ? "" : value;
    }

    /** @throws ApiException with 413 when it is longer than {@link #BODY_BYTES_MAX} */
    byte[] body() {
        try (InputStream in = Content.Source.asInputStream(request)) {
            byte[] body = in.readNBytes(BODY_BYTES_MAX + 1);
            if (body.length > BODY_BYTES_MAX) {
                in.readNBytes(BODY_BYTES_MAX); // many clients read an answer only after they have sent all
                throw ApiException.tooLarge(BODY_BYTES_MAX);
            }
            return body;
        } catch (IOException e) {
            throw ApiException.badRequest("the body could not be read: " + e.getMessage());
        }
    }

    /** Reads what was not asked for: a client that is still sending its body would see its connection end, and no answer. */
    void drain() {
        try (InputStream in = Content.Source.asInputStream(request)) {
            in.skip(BODY_BYTES_MAX);
        } catch (IOException e) {
            return; // then it does not wait for an answer either
        }
    }

    /** Adds a remark that kubectl shows to its user. */
    void warn(String text) {
        warnings.add(text); // once: a patch may be tried more than once
    }

    void answer(int status, JsonNode document) {
        answer(status, "application/json", Json.write(document));
    }

    void answer(int status, String contentType, byte[] body) {
        begin(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, contentType);
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-cache, private");
        response.write(true, ByteBuffer.wrap(body), callback);
    }

    void answer(String text) {
        answer(200, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    /** Begins an answer of unknown length; the client sees what is flushed. {@link #finish()} ends it. */
    OutputStream stream(String contentType) {
        begin(200);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, contentType);
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-cache, private");
        request.addIdleTimeoutListener(timeout -> false); // a watch in which nothing happens is not idle
        return Content.Sink.asOutputStream(response);
    }

    private void begin(int status) {
        response.setStatus(status);
        response.getHeaders().remove(WARNING); // an answer may fail after it began
        warnings.headers().forEach(warning -> response.getHeaders().add(WARNING, warning));
    }

    void finish() {
        callback.succeeded();
    }

    void abort(Throwable cause) {
        callback.failed(cause);
    }

    boolean isCommitted() {
        return response.isCommitted();
    }

    /** The parts of an Accept header, most wanted first as clients write them. */
    List<String> accepted() {
        return List.of(accept().split(","));
    }
}
