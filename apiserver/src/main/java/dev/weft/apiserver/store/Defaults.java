package dev.weft.apiserver.store;

import dev.weft.resources.Kind;
import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import dev.weft.resources.knative.KnativeDefaults;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What Kubernetes fills in or leaves out of a document before it is stored, as far as its clients rely on it: kubectl
 * crashes on a Deployment without a number of replicas. Doing it twice changes nothing.
 */
public final class Defaults {

    private Defaults() {}

    /** Changes the document. */
    public static void fill(Kind kind, ObjectNode json) {
        metadata(json.withObject("/metadata"));
        if (kind.equals(Kinds.NAMESPACE)) {
            namespace(json);
        } else if (kind.equals(Kinds.SECRET)) {
            secret(json);
        } else if (kind.equals(Kinds.SERVICE)) {
            service(json);
        } else if (kind.equals(Kinds.POD)) {
            containerPorts(json.at("/spec"));
        } else if (kind.equals(Kinds.DEPLOYMENT)) {
            deployment(json);
            containerPorts(json.at("/spec/template/spec"));
        } else if (kind.equals(Kinds.REPLICA_SET)) {
            if (json.path("spec") instanceof ObjectNode spec) {
                spec.putIfAbsent("replicas", spec.numberNode(1));
            }
            containerPorts(json.at("/spec/template/spec"));
        } else if (kind.equals(Kinds.JOB)) {
            job(json);
            containerPorts(json.at("/spec/template/spec"));
        } else if (kind.equals(Kinds.AUTOSCALER)) {
            autoscaler(json);
        } else if (kind.equals(Kinds.CRON_JOB)) {
            cronJob(json);
        } else if (kind.equals(Kinds.KNATIVE_SERVICE)) {
            KnativeDefaults.fillService(json);
        } else if (kind.equals(Kinds.CONFIGURATION)) {
            KnativeDefaults.fillConfiguration(json);
        } else if (kind.equals(Kinds.ROUTE)) {
            KnativeDefaults.fillRoute(json);
        } else if (kind.equals(Kinds.ENDPOINT_SLICE)) {
            endpointPorts(json);
        }
    }

    /** Empty maps and lists are as good as none. */
    private static void metadata(ObjectNode metadata) {
        metadata.remove("selfLink");
        for (String field : List.of("labels", "annotations", "finalizers", "ownerReferences", "creationTimestamp")) {
            JsonNode value = metadata.path(field);
            if (value.isNull() || (value.isContainer() && value.isEmpty())) {
                metadata.remove(field);
            }
        }
    }

    /** From its first moment it is held by what may be in it: deleted at once, it would leave that behind. */
    private static void namespace(ObjectNode namespace) {
        if (!namespace.path("metadata").has("deletionTimestamp")) {
            namespace
                    .withObject("/metadata")
                    .withObjectProperty("labels")
                    .put(
                            "kubernetes.io/metadata.name",
                            namespace.at("/metadata/name").asString(""));
            namespace.withObject("/spec").putArray("finalizers").add("kubernetes");
            namespace.putObject("status").put("phase", "Active");
        }
    }

    /** {@code stringData} is a way to write, never stored. */
    private static void secret(ObjectNode secret) {
        if (secret.remove("stringData") instanceof ObjectNode plain) {
            ObjectNode data = secret.withObject("/data");
            Resource.strings(plain).forEach((name, value) -> data.put(name, base64(value)));
        }
        secret.putIfAbsent("type", secret.stringNode("Opaque"));
    }

    private static void service(ObjectNode service) {
        if (service.path("spec") instanceof ObjectNode spec) {
            spec.putIfAbsent("type", spec.stringNode("ClusterIP"));
            spec.putIfAbsent("sessionAffinity", spec.stringNode("None"));
            for (JsonNode port : spec.path("ports")) {
                if (port instanceof ObjectNode object && object.path("port").isNumber()) {
                    object.putIfAbsent("protocol", spec.stringNode("TCP"));
                    object.putIfAbsent("targetPort", object.path("port"));
                }
            }
        }
    }

    /**
     * Changes the document: a namespace keeps what holds it, and a service the address that it was given, unless the document
     * says another or needs none.
     */
    static void carryOver(Resource old, ObjectNode json) {
        if (old.kind().equals(Kinds.NAMESPACE)) {
            namespace(json);
            ObjectNode kept = json.withObject("/spec");
            if (!kept.has("finalizers")) { // an empty list releases it
                kept.set("finalizers", old.at("/spec/finalizers").deepCopy());
            }
        }
        if (!old.kind().equals(Kinds.SERVICE) || !(json.path("spec") instanceof ObjectNode spec)) {
            return;
        }
        String address = old.at("/spec/clusterIP").asString("");
        boolean silent = spec.path("clusterIP").asString("").isEmpty();
        boolean needed = !spec.path("type").asString("").equals("ExternalName");
        if (silent && needed && !address.isEmpty() && !address.equals("None")) {
            spec.put("clusterIP", address);
            spec.putArray("clusterIPs").add(address);
        }
    }

    private static void deployment(ObjectNode deployment) {
        if (deployment.path("spec") instanceof ObjectNode spec) {
            spec.putIfAbsent("replicas", spec.numberNode(1));
            spec.putIfAbsent("strategy", spec.objectNode().put("type", "RollingUpdate"));
        }
    }

    /** Its pods are told apart by its uid, so that another Job of the same name has none of them. */
    private static void job(ObjectNode job) {
        if (job.path("spec") instanceof ObjectNode spec) {
            if (!spec.has("parallelism")) {
                spec.putIfAbsent("completions", spec.numberNode(1));
            }
            spec.putIfAbsent("parallelism", spec.numberNode(1));
            spec.putIfAbsent("backoffLimit", spec.numberNode(6));
            spec.putIfAbsent("completionMode", spec.stringNode("NonIndexed"));
            spec.putIfAbsent("suspend", spec.booleanNode(false));
            String uid = job.at("/metadata/uid").asString("");
            if (!uid.isEmpty() && !spec.has("selector")) {
                spec.withObject("/selector/matchLabels").put("batch.kubernetes.io/controller-uid", uid);
            }
        }
    }

    /** By the processor, where nothing else is said. */
    private static void autoscaler(ObjectNode autoscaler) {
        if (autoscaler.path("spec") instanceof ObjectNode spec) {
            spec.putIfAbsent("minReplicas", spec.numberNode(1));
            if (spec.path("metrics").isEmpty()) {
                ObjectNode metric = spec.putArray("metrics").addObject().put("type", "Resource");
                metric.putObject("resource")
                        .put("name", "cpu")
                        .putObject("target")
                        .put("type", "Utilization")
                        .put("averageUtilization", 80);
            }
        }
    }

    private static void cronJob(ObjectNode cronJob) {
        if (cronJob.path("spec") instanceof ObjectNode spec) {
            spec.putIfAbsent("concurrencyPolicy", spec.stringNode("Allow"));
            spec.putIfAbsent("suspend", spec.booleanNode(false));
            spec.putIfAbsent("successfulJobsHistoryLimit", spec.numberNode(3));
            spec.putIfAbsent("failedJobsHistoryLimit", spec.numberNode(1));
            containerPorts(spec.at("/jobTemplate/spec/template/spec"));
        }
    }

    private static void endpointPorts(ObjectNode slice) {
        for (JsonNode port : slice.path("ports")) {
            if (port instanceof ObjectNode object) {
                object.putIfAbsent("name", object.stringNode(""));
                object.putIfAbsent("protocol", object.stringNode("TCP"));
            }
        }
    }

    private static void containerPorts(JsonNode podSpec) {
        for (JsonNode container : podSpec.path("containers")) {
            for (JsonNode port : container.path("ports")) {
                if (port instanceof ObjectNode object) {
                    object.putIfAbsent("protocol", object.stringNode("TCP"));
                }
            }
        }
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
