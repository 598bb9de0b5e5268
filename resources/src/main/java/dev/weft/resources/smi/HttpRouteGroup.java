package dev.weft.resources.smi;

import dev.weft.resources.Resource;
import dev.weft.resources.reading.Expressions;
import dev.weft.resources.reading.Fields;
import dev.weft.resources.reading.Read;
import dev.weft.resources.reading.Reading;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Names kinds of requests (SMI Traffic Specs HTTPRouteGroup, every version's shape). */
public record HttpRouteGroup(Resource resource, List<HttpRoute> routes) {

    private static final List<String> METHODS =
            List.of("*", "GET", "HEAD", "PUT", "POST", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH");

    /**
     * One kind of request; all of its parts must hold.
     *
     * @param pathRegex anchored at the path's start only; empty for any path
     * @param methods empty for every method
     * @param headers expressions by header name, lower case; each must be found in the value
     */
    public record HttpRoute(String name, String pathRegex, Set<String> methods, Map<String, String> headers) {
        public HttpRoute {
            methods = Set.copyOf(methods);
            headers = Map.copyOf(headers);
        }
    }

    public HttpRouteGroup {
        routes = List.copyOf(routes);
    }

    public static Read<HttpRouteGroup> read(Resource resource) {
        return Reading.of(resource, fields -> of(resource, fields));
    }

    public static HttpRouteGroup of(Resource resource, Fields root) {
        boolean old = !root.has("spec") && root.has("matches");
        return old ? body(resource, root) : root.requiredObject("spec", spec -> body(resource, spec));
    }

    private static HttpRouteGroup body(Resource resource, Fields fields) {
        List<HttpRoute> routes = fields.requiredObjects("matches", HttpRouteGroup::route);
        Set<String> names = new HashSet<>();
        for (int i = 0; i < routes.size(); i++) {
            String name = routes.get(i).name();
            if (!name.isEmpty() && !names.add(name)) {
                fields.invalid("matches[" + i + "].name", "\"" + name + "\" is used twice.", "Give each its own.");
            }
        }
        return new HttpRouteGroup(resource, routes);
    }

    private static HttpRoute route(Fields match) {
        String path = match.text("pathRegex", "");
        Expressions.check(match, "pathRegex", path);
        Set<String> methods = new HashSet<>();
        for (String method : match.texts("methods")) {
            if (!METHODS.contains(method)) {
                match.invalid(
                        "methods",
                        "\"" + method + "\" is no method.",
                        "Write one of " + String.join(", ", METHODS) + ".");
            }
            methods.add(method);
        }
        Set<String> named = methods.contains("*") ? Set.of() : methods;
        return new HttpRoute(match.requiredText("name"), path, named, headers(match));
    }

    /** A mapping, as the specification's text says, or a list of mappings, as its CRD does. */
    private static Map<String, String> headers(Fields match) {
        Map<String, String> headers = new LinkedHashMap<>();
        if (match.raw("headers").isArray()) {
            match.objects("headers", Fields::allTexts).forEach(headers::putAll);
        } else {
            headers.putAll(match.textMap("headers"));
        }
        Map<String, String> lower = new LinkedHashMap<>();
        headers.forEach((name, expression) -> {
            Expressions.check(match, "headers", expression);
            lower.put(name.toLowerCase(Locale.ROOT), expression);
        });
        return lower;
    }
}
