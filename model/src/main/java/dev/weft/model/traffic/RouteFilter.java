package dev.weft.model.traffic;

/** An edit of the message, or an answer in place of a backend's. */
public sealed interface RouteFilter {

    /** Replaces the header, or adds it. */
    record SetRequestHeader(String name, String value) implements RouteFilter {}

    record AddRequestHeader(String name, String value) implements RouteFilter {}

    record RemoveRequestHeader(String name) implements RouteFilter {}

    record SetResponseHeader(String name, String value) implements RouteFilter {}

    record AddResponseHeader(String name, String value) implements RouteFilter {}

    record RemoveResponseHeader(String name) implements RouteFilter {}

    /** Replaces the matched prefix of the path. */
    record RewritePrefix(String prefix, String replacement) implements RouteFilter {}

    /** Replaces the authority that the backend sees. */
    record RewriteHost(String host) implements RouteFilter {}

    /**
     * Answers with a redirect.
     *
     * @param status 301, 302, 303, 307 or 308
     * @param scheme empty to keep it
     * @param host empty to keep it, {@code :PORT} to keep the name and say another port
     * @param path empty to keep it
     */
    record Redirect(int status, String scheme, String host, String path) implements RouteFilter {}
}
