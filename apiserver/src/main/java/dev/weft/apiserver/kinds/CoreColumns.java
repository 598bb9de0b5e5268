package dev.weft.apiserver.kinds;

import dev.weft.resources.Resource;
import dev.weft.resources.core.LabelSelector;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** The tables of Kubernetes' own kinds, as its printers make them (pkg/printers/internalversion). */
final class CoreColumns {

    static final List<Column> NAMESPACE = List.of(Column.at("Status", "/status/phase"), Column.age());

    static final List<Column> NODE = List.of(
            Column.text("Status", CoreColumns::nodeStatus),
            Column.text("Roles", CoreColumns::roles),
            Column.age(),
            Column.at("Version", "/status/nodeInfo/kubeletVersion"),
            Column.text("Internal-IP", node -> address(node, "InternalIP")).wide(),
            Column.text("External-IP", node -> address(node, "ExternalIP")).wide(),
            Column.at("OS-Image", "/status/nodeInfo/osImage").wide(),
            Column.at("Kernel-Version", "/status/nodeInfo/kernelVersion").wide(),
            Column.at("Container-Runtime", "/status/nodeInfo/containerRuntimeVersion")
                    .wide());

    static final List<Column> NODE_METRICS = List.of(
            Column.at("CPU", "/usage/cpu"), Column.at("Memory", "/usage/memory"), Column.at("Window", "/window"));

    static final List<Column> POD_METRICS = List.of(
            Column.text("CPU", pod -> perContainer(pod, "cpu")),
            Column.text("Memory", pod -> perContainer(pod, "memory")),
            Column.at("Window", "/window"));

    static final List<Column> SERVICE = List.of(
            Column.text("Type", service -> service.at("/spec/type").asString("ClusterIP")),
            Column.text("Cluster-IP", service -> orNone(service.at("/spec/clusterIP"))),
            Column.text("External-IP", CoreColumns::externalAddress),
            Column.text("Port(s)", CoreColumns::servicePorts),
            Column.age(),
            Column.text("Selector", service -> pairs(service.at("/spec/selector")))
                    .wide());

    static final List<Column> POD = List.of(
            Column.text("Ready", CoreColumns::readyContainers),
            Column.text("Status", PodPhase::of),
            new Column("Restarts", "string", 0, PodPhase::restarts),
            Column.age(),
            Column.text("IP", pod -> orNone(pod.at("/status/podIP"))).wide(),
            Column.text("Node", pod -> orNone(pod.at("/spec/nodeName"))).wide(),
            Column.text("Nominated Node", pod -> orNone(pod.at("/status/nominatedNodeName")))
                    .wide(),
            Column.text("Readiness Gates", pod -> "<none>").wide());

    static final List<Column> DEPLOYMENT = List.of(
            Column.text(
                    "Ready",
                    deployment -> deployment.at("/status/readyReplicas").asLong(0) + "/"
                            + deployment.at("/spec/replicas").asLong(1)),
            Column.number(
                    "Up-to-date",
                    deployment -> deployment.at("/status/updatedReplicas").asLong(0)),
            Column.number(
                    "Available",
                    deployment -> deployment.at("/status/availableReplicas").asLong(0)),
            Column.age(),
            Column.text("Containers", deployment -> containers(deployment, "name"))
                    .wide(),
            Column.text("Images", deployment -> containers(deployment, "image")).wide(),
            Column.text("Selector", deployment -> selector(deployment)).wide());

    static final List<Column> REPLICA_SET = List.of(
            Column.number("Desired", set -> set.at("/spec/replicas").asLong(1)),
            Column.number("Current", set -> set.at("/status/replicas").asLong(0)),
            Column.number("Ready", set -> set.at("/status/readyReplicas").asLong(0)),
            Column.age(),
            Column.text("Containers", set -> containers(set, "name")).wide(),
            Column.text("Images", set -> containers(set, "image")).wide(),
            Column.text("Selector", set -> selector(set)).wide());

    static final List<Column> CONFIG_MAP = List.of(
            Column.number(
                    "Data",
                    map -> (long) map.at("/data").size() + map.at("/binaryData").size()),
            Column.age());

    static final List<Column> SECRET = List.of(
            Column.text("Type", secret -> secret.at("/type").asString("Opaque")),
            Column.number("Data", secret -> (long) secret.at("/data").size()),
            Column.age());

    static final List<Column> SERVICE_ACCOUNT = List.of(
            Column.number("Secrets", account -> (long) account.at("/secrets").size()), Column.age());

    static final List<Column> ENDPOINTS = List.of(Column.text("Endpoints", EndpointsText::of), Column.age());

    static final List<Column> ENDPOINT_SLICE = List.of(
            Column.at("AddressType", "/addressType"),
            Column.text(
                    "Ports",
                    slice ->
                            joined(slice.at("/ports"), port -> port.path("port").asString("*"))),
            Column.text("Endpoints", slice -> joined(slice.at("/endpoints"), CoreColumns::addresses)),
            Column.age());

    static final List<Column> ROLE = List.of(Column.at("Created At", "/metadata/creationTimestamp"));

    static final List<Column> ROLE_BINDING = List.of(
            Column.text(
                    "Role",
                    binding -> binding.at("/roleRef/kind").asString("") + "/"
                            + binding.at("/roleRef/name").asString("")),
            Column.age());

    static final List<Column> AUTOSCALER = List.of(
            Column.text(
                    "Reference",
                    scaler -> scaler.at("/spec/scaleTargetRef/kind").asString("") + "/"
                            + scaler.at("/spec/scaleTargetRef/name").asString("")),
            Column.text("Targets", AutoscalerTargets::of),
            Column.number("MinPods", scaler -> scaler.at("/spec/minReplicas").asLong(1)),
            Column.number("MaxPods", scaler -> scaler.at("/spec/maxReplicas").asLong(0)),
            Column.number(
                    "Replicas", scaler -> scaler.at("/status/currentReplicas").asLong(0)),
            Column.age());

    static final List<Column> EVENT = List.of(
            new Column("Last Seen", "string", 0, CoreColumns::lastSeen),
            Column.at("Type", "/type"),
            Column.at("Reason", "/reason"),
            Column.text("Object", CoreColumns::involved),
            Column.text(
                            "Subobject",
                            event -> event.at("/involvedObject/fieldPath").asString(""))
                    .wide(),
            Column.text("Source", CoreColumns::source).wide(),
            Column.text("Message", event -> event.at("/message").asString("").strip()),
            Column.age("First Seen", "/firstTimestamp").wide(),
            Column.number("Count", event -> event.at("/count").asLong(1)).wide(),
            Column.text("Name", Resource::name).wide());

    private CoreColumns() {}

    private static String nodeStatus(Resource node) {
        String ready = condition(node, "Ready").equals("True") ? "Ready" : "NotReady";
        return node.at("/spec/unschedulable").asBoolean(false) ? ready + ",SchedulingDisabled" : ready;
    }

    private static String address(Resource node, String type) {
        return node.at("/status/addresses")
                .valueStream()
                .filter(address -> address.path("type").asString("").equals(type))
                .map(address -> address.path("address").asString(""))
                .findFirst()
                .orElse("<none>");
    }

    private static String perContainer(Resource pod, String what) {
        return joined(
                pod.at("/containers"),
                container -> container.at("/usage/" + what).asString(""));
    }

    private static String roles(Resource node) {
        String prefix = "node-role.kubernetes.io/";
        String roles = node.labels().keySet().stream()
                .filter(label -> label.startsWith(prefix))
                .map(label -> label.substring(prefix.length()))
                .sorted()
                .collect(Collectors.joining(","));
        return roles.isEmpty() ? "<none>" : roles;
    }

    static String condition(Resource resource, String type) {
        for (JsonNode condition : resource.at("/status/conditions")) {
            if (condition.path("type").asString("").equals(type)) {
                return condition.path("status").asString("");
            }
        }
        return "";
    }

    private static String externalAddress(Resource service) {
        List<String> addresses = new ArrayList<>();
        for (JsonNode ingress : service.at("/status/loadBalancer/ingress")) {
            addresses.add(ingress.path("ip").asString(ingress.path("hostname").asString("")));
        }
        service.at("/spec/externalIPs").forEach(address -> addresses.add(address.asString("")));
        if (service.at("/spec/type").asString("").equals("ExternalName")) {
            return service.at("/spec/externalName").asString("");
        }
        return addresses.isEmpty() ? "<none>" : String.join(",", addresses);
    }

    private static String servicePorts(Resource service) {
        return joined(service.at("/spec/ports"), port -> {
            String nodePort = port.has("nodePort") ? ":" + port.path("nodePort").asInt(0) : "";
            return port.path("port").asInt(0) + nodePort + "/"
                    + port.path("protocol").asString("TCP");
        });
    }

    private static String readyContainers(Resource pod) {
        long ready = 0;
        for (JsonNode container : pod.at("/status/containerStatuses")) {
            ready += container.path("ready").asBoolean(false) ? 1 : 0;
        }
        return ready + "/" + pod.at("/spec/containers").size();
    }

    static String containers(Resource deployment, String field) {
        return joined(
                deployment.at("/spec/template/spec/containers"),
                it -> it.path(field).asString(""));
    }

    private static String addresses(JsonNode endpoint) {
        return joined(endpoint.path("addresses"), address -> address.asString(""));
    }

    private static JsonNode lastSeen(Resource event, Instant now) {
        String seen =
                List.of("/series/lastObservedTime", "/lastTimestamp", "/eventTime", "/metadata/creationTimestamp")
                        .stream()
                        .map(pointer -> event.at(pointer).asString(""))
                        .filter(timestamp -> !timestamp.isEmpty())
                        .findFirst()
                        .orElse("");
        return JsonNodeFactory.instance.stringNode(Age.since(seen, now));
    }

    private static String involved(Resource event) {
        return event.at("/involvedObject/kind").asString("").toLowerCase(java.util.Locale.ROOT)
                + "/"
                + event.at("/involvedObject/name").asString("");
    }

    private static String source(Resource event) {
        String component = event.at("/source/component").asString("");
        String host = event.at("/source/host").asString("");
        return host.isEmpty() ? component : component + ", " + host;
    }

    private static String orNone(JsonNode node) {
        return node.asString("").isEmpty() ? "<none>" : node.asString("");
    }

    static String selector(Resource owner) {
        String text = LabelSelector.text(owner.at("/spec/selector"));
        return text.isEmpty() ? "<none>" : text;
    }

    static String pairs(JsonNode labels) {
        Map<String, String> pairs = Resource.strings(labels);
        return pairs.isEmpty()
                ? "<none>"
                : pairs.entrySet().stream()
                        .map(pair -> pair.getKey() + "=" + pair.getValue())
                        .sorted()
                        .collect(Collectors.joining(","));
    }

    private static String joined(JsonNode list, java.util.function.Function<JsonNode, String> text) {
        return list.isEmpty() ? "<none>" : list.valueStream().map(text).collect(Collectors.joining(","));
    }
}
