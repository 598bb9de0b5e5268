package dev.weft.proxy.route;

import dev.weft.model.traffic.RouteFilter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a rule's filters change in the heads that pass: names to leave out, lines to append, another path or authority.
 * A sequence of set, add and remove comes down to this form once, when the table is built.
 *
 * @param request the request's fields
 * @param response the answer's fields
 * @param rewrites of the path, one after the other
 * @param host the authority that the backend sees
 */
public record HeadEdits(Fields request, Fields response, List<PathRewrite> rewrites, Optional<String> host) {

    public static final HeadEdits NONE = new HeadEdits(Fields.NONE, Fields.NONE, List.of(), Optional.empty());

    /** A field to append. */
    public record Line(String name, String value) {}

    /**
     * Fields to leave out, then lines to append.
     *
     * @param removed in lower case
     * @param appended after the message's own fields
     */
    public record Fields(Set<String> removed, List<Line> appended) {

        public static final Fields NONE = new Fields(Set.of(), List.of());

        public Fields {
            removed = Set.copyOf(removed);
            appended = List.copyOf(appended);
        }

        public boolean isEmpty() {
            return removed.isEmpty() && appended.isEmpty();
        }

        /** The appended lines as they go onto an HTTP/1.1 connection, each with its CRLF. */
        public byte[] appendedBytes() {
            StringBuilder text = new StringBuilder();
            appended.forEach(line ->
                    text.append(line.name()).append(": ").append(line.value()).append("\r\n"));
            return text.toString().getBytes(StandardCharsets.ISO_8859_1);
        }

        Fields set(String name, String value) {
            return remove(name).add(name, value);
        }

        Fields add(String name, String value) {
            return new Fields(removed, joined(appended, List.of(new Line(name, value))));
        }

        Fields remove(String name) {
            Set<String> names = new LinkedHashSet<>(removed);
            names.add(name.toLowerCase(Locale.ROOT));
            List<Line> kept = appended.stream()
                    .filter(line -> !line.name().equalsIgnoreCase(name))
                    .toList();
            return new Fields(names, kept);
        }

        /** These, then those. */
        public Fields then(Fields next) {
            Fields result = this;
            for (String name : next.removed) {
                result = result.remove(name);
            }
            return new Fields(result.removed, joined(result.appended, next.appended));
        }

        private static List<Line> joined(List<Line> first, List<Line> second) {
            return Stream.concat(first.stream(), second.stream()).toList();
        }
    }

    /** One change of the path. */
    sealed interface PathRewrite {

        String apply(String path);

        /**
         * Replaces the beginning of a path that starts with it.
         *
         * @param prefix what is taken away
         * @param replacement what stands there instead
         */
        record Prefix(String prefix, String replacement) implements PathRewrite {

            /** The new path; the same one when it does not start with the prefix. */
            @Override
            public String apply(String path) {
                if (!path.startsWith(prefix)) {
                    return path;
                }
                String rest = path.substring(prefix.length());
                boolean doubled = replacement.endsWith("/") && rest.startsWith("/");
                return rooted(doubled ? replacement + rest.substring(1) : replacement + rest);
            }
        }

        /** Replaces what an expression matches. */
        record Matches(Expression expression, String substitution) implements PathRewrite {
            @Override
            public String apply(String path) {
                return rooted(expression.replaceAll(path, substitution));
            }
        }

        private static String rooted(String path) {
            return path.startsWith("/") ? path : "/" + path;
        }
    }

    public boolean isEmpty() {
        return request.isEmpty() && response.isEmpty() && rewrites.isEmpty() && host.isEmpty();
    }

    /** The path as the backend sees it. */
    public String rewritten(String path) {
        String result = path;
        for (PathRewrite rewrite : rewrites) {
            result = rewrite.apply(result);
        }
        return result;
    }

    /** These edits, then those of a rule that decided after. */
    HeadEdits then(HeadEdits next) {
        if (next.isEmpty()) {
            return this;
        }
        if (isEmpty()) {
            return next;
        }
        return new HeadEdits(
                request.then(next.request),
                response.then(next.response),
                Stream.concat(rewrites.stream(), next.rewrites.stream()).toList(),
                next.host.isPresent() ? next.host : host);
    }

    static HeadEdits of(List<RouteFilter> filters) {
        HeadEdits edits = NONE;
        for (RouteFilter filter : filters) {
            edits = edits.with(filter);
        }
        return edits;
    }

    private HeadEdits with(RouteFilter filter) {
        return switch (filter) {
            case RouteFilter.SetRequestHeader(String name, String value) -> withRequest(request.set(name, value));
            case RouteFilter.AddRequestHeader(String name, String value) -> withRequest(request.add(name, value));
            case RouteFilter.RemoveRequestHeader(String name) -> withRequest(request.remove(name));
            case RouteFilter.SetResponseHeader(String name, String value) -> withResponse(response.set(name, value));
            case RouteFilter.AddResponseHeader(String name, String value) -> withResponse(response.add(name, value));
            case RouteFilter.RemoveResponseHeader(String name) -> withResponse(response.remove(name));
            case RouteFilter.RewritePrefix(String prefix, String replacement) ->
                withRewrite(new PathRewrite.Prefix(prefix, replacement));
            case RouteFilter.RewriteRegex(String expression, String substitution) ->
                withRewrite(new PathRewrite.Matches(new Expression(expression, false), substitution));
            case RouteFilter.RewriteHost(String authority) ->
                new HeadEdits(request, response, rewrites, Optional.of(authority));
            case RouteFilter.Redirect _,
                    RouteFilter.Answer _,
                    RouteFilter.AllowUpgrade _,
                    RouteFilter.Cors _,
                    RouteFilter.Mirror _,
                    RouteFilter.LimitBody _,
                    RouteFilter.LimitRate _,
                    RouteFilter.InjectFault _ -> this; // no edits: stations of their own
        };
    }

    private HeadEdits withRewrite(PathRewrite rewrite) {
        return new HeadEdits(request, response, List.of(rewrite), host);
    }

    private HeadEdits withRequest(Fields fields) {
        return new HeadEdits(fields, response, rewrites, host);
    }

    private HeadEdits withResponse(Fields fields) {
        return new HeadEdits(request, fields, rewrites, host);
    }
}
