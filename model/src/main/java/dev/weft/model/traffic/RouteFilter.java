package dev.weft.model.traffic;

import dev.weft.model.policy.RateLimit;
import java.util.List;

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

    /**
     * Replaces every match in the path.
     *
     * @param substitution {@code \1} to {@code \9} stand for what the groups matched
     */
    record RewriteRegex(String expression, String substitution) implements RouteFilter {}

    /** Replaces the authority that the backend sees. */
    record RewriteHost(String host) implements RouteFilter {}

    /**
     * Lets requests from outside switch to these protocols.
     *
     * @param protocols as in the {@code Upgrade} header, without regard to case; {@code *} for any
     */
    record AllowUpgrade(List<String> protocols) implements RouteFilter {
        public AllowUpgrade {
            protocols = List.copyOf(protocols);
        }
    }

    /**
     * Answers with a redirect, to the path that the rewriting filters beside it make.
     *
     * @param status 301, 302, 303, 307 or 308
     * @param scheme empty to keep it
     * @param host empty to keep it, {@code :PORT} to keep the name and say another port
     * @param path empty to keep it
     */
    record Redirect(int status, String scheme, String host, String path) implements RouteFilter {}

    /**
     * Answers in place of a backend.
     *
     * @param contentType what the body is
     */
    record Answer(int status, String contentType, String body) implements RouteFilter {}

    /**
     * Answers browsers that ask before they call, and tells them who may read the answer (Fetch, section 3.2).
     *
     * @param origins as browsers send them, or {@code *}
     * @param methods for the answer to a question, as are the two lists of headers
     * @param maxAge in seconds, as text; empty to say nothing
     */
    record Cors(
            List<String> origins,
            List<String> methods,
            List<String> headers,
            List<String> exposedHeaders,
            boolean credentials,
            String maxAge)
            implements RouteFilter {
        public Cors {
            origins = List.copyOf(origins);
            methods = List.copyOf(methods);
            headers = List.copyOf(headers);
            exposedHeaders = List.copyOf(exposedHeaders);
        }
    }

    /**
     * Sends a copy there, whose answer nobody waits for.
     *
     * @param percent of the requests, 0 to 100
     */
    record Mirror(ServicePort to, int percent) implements RouteFilter {}

    /**
     * Takes no larger bodies of requests from outside.
     *
     * @param bytesMax 0 for any, whatever holds elsewhere
     */
    record LimitBody(long bytesMax) implements RouteFilter {}

    record LimitRate(RateLimit limit) implements RouteFilter {}

    record InjectFault(Fault fault) implements RouteFilter {}
}
