package dev.weft.serving.knative;

import dev.weft.model.workload.ServiceName;
import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import dev.weft.resources.knative.RevisionSpec;
import dev.weft.serving.scale.Autoscaler;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What a revision runs as: the Deployment and the Service that are made for it. */
final class RevisionWorkload {

    static final String PORT_NAME = "user-port";
    private static final int SERVICE_PORT = 80;

    private RevisionWorkload() {}

    static ServiceName name(Resource revision) {
        return new ServiceName(revision.namespace(), revision.name());
    }

    /** The Deployment, with {@code replicas} to begin with. */
    static Resource deployment(Resource revision, int replicas) {
        Map<String, String> labels = labels(revision);
        Map<String, String> annotations = Owned.handedDown(revision.annotations());
        Resource deployment = Owned.of(revision, Autoscaler.deploymentOf(name(revision)), labels, annotations);
        ObjectNode spec = deployment.json().putObject("spec");
        spec.put("replicas", replicas);
        spec.withObject("/selector/matchLabels").put(Names.REVISION_LABEL, revision.name());
        ObjectNode template = spec.putObject("template");
        ObjectNode metadata = template.putObject("metadata");
        labels.forEach(metadata.putObject("labels")::put);
        if (!annotations.isEmpty()) {
            annotations.forEach(metadata.putObject("annotations")::put);
        }
        template.set("spec", podSpec(revision));
        return deployment;
    }

    /** The Service by which routes and the mesh name the revision. */
    static Resource service(Resource revision) {
        Resource service = Owned.of(
                revision,
                Kinds.SERVICE.key(revision.namespace(), revision.name()),
                labels(revision),
                Owned.handedDown(revision.annotations()));
        ObjectNode spec = service.json().putObject("spec");
        spec.put("type", "ClusterIP");
        spec.withObject("/selector").put(Names.REVISION_LABEL, revision.name());
        ObjectNode port = spec.putArray("ports").addObject();
        boolean http2 = servingPort(revision).path("name").asString("").equals("h2c");
        port.put("name", http2 ? "http2" : "http");
        port.put("port", SERVICE_PORT);
        port.put("protocol", "TCP");
        port.put("targetPort", containerPort(revision));
        if (http2) {
            port.put("appProtocol", "kubernetes.io/h2c");
        }
        return service;
    }

    static int containerPort(Resource revision) {
        return servingPort(revision).path("containerPort").asInt(RevisionSpec.PORT);
    }

    private static JsonNode servingPort(Resource revision) {
        for (JsonNode container : revision.at("/spec/containers")) {
            if (!container.path("ports").isEmpty()) {
                return container.path("ports").path(0);
            }
        }
        return revision.at("/spec/containers/0/ports/0");
    }

    private static ObjectNode podSpec(Resource revision) {
        ObjectNode spec = revision.edit().withObject("/spec");
        int timeout = spec.path("timeoutSeconds").asInt(RevisionSpec.TIMEOUT_SECONDS);
        spec.remove("containerConcurrency");
        spec.remove("timeoutSeconds");
        spec.remove("responseStartTimeoutSeconds");
        spec.remove("idleTimeoutSeconds");
        spec.put("terminationGracePeriodSeconds", timeout);
        JsonNode containers = spec.path("containers");
        for (JsonNode container : containers) {
            if (container instanceof ObjectNode object) {
                container(revision, object, containers.size() == 1);
                variable(object.withArray("/env"), "WEFT_TIMEOUT_SECONDS", Integer.toString(timeout));
            }
        }
        return spec;
    }

    private static void container(Resource revision, ObjectNode container, boolean single) {
        boolean serves = single || !container.path("ports").isEmpty();
        if (serves) {
            ObjectNode port = container.putArray("ports").addObject();
            port.put("name", PORT_NAME);
            port.put("containerPort", containerPort(revision));
            port.put("protocol", "TCP");
            for (String probe : new String[] {"readinessProbe", "livenessProbe", "startupProbe"}) {
                probePort(container.path(probe), containerPort(revision));
            }
        }
        if (serves && container.path("readinessProbe") instanceof ObjectNode probe && !probe.has("periodSeconds")) {
            probe.put("periodSeconds", 0); // Knative's way: as often as possible until it succeeds
        }
        ArrayNode env = container.path("env") instanceof ArrayNode given ? given : container.putArray("env");
        variable(env, "K_SERVICE", revision.labels().getOrDefault(Names.SERVICE_LABEL, ""));
        variable(env, "K_CONFIGURATION", revision.labels().getOrDefault(Names.CONFIGURATION_LABEL, ""));
        variable(env, "K_REVISION", revision.name());
    }

    /** A probe that names no port, or the port by Knative's name for it, means the serving port. */
    private static void probePort(JsonNode probe, int containerPort) {
        for (String way : new String[] {"tcpSocket", "httpGet", "grpc"}) {
            if (probe.path(way) instanceof ObjectNode target) {
                JsonNode port = target.path("port");
                if (!port.isInt() || port.asInt() == 0) {
                    target.put("port", containerPort);
                }
            }
        }
    }

    private static void variable(ArrayNode env, String name, String value) {
        env.addObject().put("name", name).put("value", value);
    }

    private static Map<String, String> labels(Resource revision) {
        Map<String, String> labels = new LinkedHashMap<>(revision.labels());
        labels.remove(Names.ROUTING_STATE_LABEL);
        labels.put("app", revision.name());
        labels.put(Names.REVISION_LABEL, revision.name());
        labels.put(Names.REVISION_UID_LABEL, revision.uid());
        return labels;
    }
}
