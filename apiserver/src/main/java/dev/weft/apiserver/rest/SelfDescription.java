package dev.weft.apiserver.rest;

import dev.weft.apiserver.kinds.Discovery;
import dev.weft.apiserver.kinds.OpenApi;
import dev.weft.apiserver.kinds.ServedKinds;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Answers what is asked about the server itself: health, version, discovery, OpenAPI. */
final class SelfDescription {

    /** The newest Kubernetes whose conventions these are. */
    private static final String MINOR = "32";

    private static final String AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

    private final ServedKinds kinds;
    private final Discovery discovery;
    private final OpenApi openApi;

    SelfDescription(ServedKinds kinds, Discovery discovery, OpenApi openApi) {
        this.kinds = kinds;
        this.discovery = discovery;
        this.openApi = openApi;
    }

    /** Answers, unless the path is about something else. */
    boolean answer(Exchange exchange) {
        if (!exchange.method().equals("GET")) {
            return false;
        }
        String path = exchange.path();
        switch (path) {
            case "/healthz", "/readyz", "/livez" -> exchange.answer("ok");
            case "/version" -> exchange.answer(200, version());
            case "/api", "/apis" -> root(exchange, path.equals("/api"));
            case "/openapi/v2" -> openApiV2(exchange);
            case "/openapi/v3" -> exchange.answer(200, openApi.index());
            default -> {
                return groups(exchange, path);
            }
        }
        return true;
    }

    private boolean groups(Exchange exchange, String path) {
        String[] parts = path.substring(1).split("/", -1);
        if (path.startsWith("/openapi/v3/api") && parts.length >= 4) {
            boolean core = parts[2].equals("api");
            String group = core ? "" : parts[3];
            String version = parts[parts.length - 1];
            if (parts.length != (core ? 4 : 5) || !kinds.versions(group).contains(version)) {
                return false;
            }
            exchange.answer(200, openApi.document(group, version));
            return true;
        }
        if (path.equals("/api/v1")) {
            exchange.answer(200, discovery.resources("", "v1"));
            return true;
        }
        if (!parts[0].equals("apis")
                || parts.length > 3
                || kinds.versions(parts[1]).isEmpty()) {
            return false;
        }
        if (parts.length == 2) {
            exchange.answer(200, discovery.group(parts[1]));
            return true;
        }
        if (!kinds.versions(parts[1]).contains(parts[2])) {
            return false;
        }
        exchange.answer(200, discovery.resources(parts[1], parts[2]));
        return true;
    }

    private void root(Exchange exchange, boolean core) {
        String accept = exchange.accept().replace(" ", "");
        if (accept.contains("g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList")) {
            exchange.answer(200, AGGREGATED, Json.write(discovery.aggregated(core)));
        } else {
            exchange.answer(200, core ? discovery.core(exchange.address()) : discovery.groups());
        }
    }

    private void openApiV2(Exchange exchange) {
        String accept = exchange.accept();
        if (accept.isEmpty() || accept.contains("json") || accept.contains("*/*")) {
            exchange.answer(200, openApi.v2());
        } else if (accept.contains(OpenApi.V2_ACCEPTED) || accept.contains(OpenApi.V2_PROTOBUF)) {
            exchange.answer(200, OpenApi.V2_PROTOBUF, OpenApi.v2Protobuf());
        } else {
            throw ApiException.notAcceptable("application/json, " + OpenApi.V2_ACCEPTED);
        }
    }

    private static ObjectNode version() {
        ObjectNode version = JsonNodeFactory.instance.objectNode();
        version.put("major", "1").put("minor", MINOR).put("gitVersion", "v1." + MINOR + ".0+weft");
        version.put("gitCommit", "").put("gitTreeState", "").put("buildDate", "1970-01-01T00:00:00Z");
        version.put("goVersion", "none").put("compiler", "java");
        return version.put("platform", "jvm/" + Runtime.version().feature());
    }
}
