package dev.weft.serving.knative;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Knative's defaults of a revision's specification. */
final class RevisionDefaults {

    static final int TIMEOUT_SECONDS = 300;
    static final int CONTAINER_PORT = 8080;

    private RevisionDefaults() {}

    /** Fills in what is left out, in place. */
    static void fill(ObjectNode spec) {
        putIfAbsent(spec, "containerConcurrency", 0);
        if (spec.path("timeoutSeconds").asInt(0) == 0) {
            spec.put("timeoutSeconds", TIMEOUT_SECONDS);
        }
        if (!spec.has("enableServiceLinks")) {
            spec.put("enableServiceLinks", false);
        }
        JsonNode containers = spec.path("containers");
        for (int i = 0; i < containers.size(); i++) {
            if (containers.get(i) instanceof ObjectNode container) {
                boolean single = containers.size() == 1;
                if (container.path("name").asString("").isEmpty()) {
                    container.put("name", single ? "user-container" : "user-container-" + i);
                }
                if (single || container.path("ports").size() > 0) {
                    probe(container);
                }
            }
        }
    }

    private static void probe(ObjectNode container) {
        ObjectNode probe = container.withObject("/readinessProbe");
        boolean asked = probe.has("httpGet") || probe.has("exec") || probe.has("grpc") || probe.has("tcpSocket");
        if (!asked) {
            probe.putObject("tcpSocket").put("port", 0);
        }
        putIfAbsent(probe, "successThreshold", 1);
        if (probe.path("periodSeconds").asInt(0) > 0) {
            putIfAbsent(probe, "failureThreshold", 3);
            putIfAbsent(probe, "timeoutSeconds", 1);
        }
    }

    private static void putIfAbsent(ObjectNode object, String field, int value) {
        if (!object.has(field)) {
            object.put(field, value);
        }
    }
}
