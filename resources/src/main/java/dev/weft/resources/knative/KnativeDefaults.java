package dev.weft.resources.knative;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What Knative's admission fills in. A document that is malformed stays as it is. */
public final class KnativeDefaults {

    private KnativeDefaults() {}

    /** Of a Service: its template's, and the traffic to the latest revision. */
    public static void fillService(ObjectNode service) {
        fillConfiguration(service);
        if (service.path("spec") instanceof ObjectNode spec) {
            JsonNode traffic = spec.path("traffic");
            if (traffic.isMissingNode() || traffic.isNull() || (traffic.isArray() && traffic.isEmpty())) {
                spec.putArray("traffic").addObject().put("latestRevision", true).put("percent", 100);
            }
            fillTraffic(spec.path("traffic"));
        }
    }

    /** Of a Configuration: its template's. */
    public static void fillConfiguration(ObjectNode configuration) {
        if (configuration.at("/spec/template/spec") instanceof ObjectNode spec) {
            fill(spec);
        }
    }

    /** Of a Route: which targets float. */
    public static void fillRoute(ObjectNode route) {
        fillTraffic(route.at("/spec/traffic"));
    }

    /** Of a revision's specification. */
    public static void fill(ObjectNode spec) {
        putIfAbsent(spec, "containerConcurrency", 0);
        JsonNode timeout = spec.path("timeoutSeconds");
        if (timeout.isMissingNode() || timeout.isNull() || (timeout.isInt() && timeout.asInt() == 0)) {
            spec.put("timeoutSeconds", RevisionSpec.TIMEOUT_SECONDS);
        }
        if (!spec.has("enableServiceLinks")) {
            spec.put("enableServiceLinks", false);
        }
        JsonNode containers = spec.path("containers");
        for (int i = 0; containers.isArray() && i < containers.size(); i++) {
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

    private static void fillTraffic(JsonNode traffic) {
        for (JsonNode target : traffic) {
            if (target instanceof ObjectNode object && !object.has("latestRevision")) {
                object.put(
                        "latestRevision",
                        object.path("revisionName").asString("").isEmpty());
            }
        }
    }

    private static void probe(ObjectNode container) {
        if (container.has("readinessProbe") && !container.path("readinessProbe").isObject()) {
            return;
        }
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
