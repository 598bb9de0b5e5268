package dev.weft.resources.knative;

import dev.weft.resources.reading.Fields;
import dev.weft.resources.reading.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** What of a pod Knative's admission refuses in a revision, beyond what no pod may say. */
final class RevisionChecks {

    private static final List<String> NEVER = List.of(
            "restartPolicy",
            "terminationGracePeriodSeconds",
            "activeDeadlineSeconds",
            "nodeName",
            "hostname",
            "subdomain",
            "priority",
            "readinessGates",
            "ephemeralContainers");

    /** Behind flags of Knative's config-features that are off unless somebody turns them on. */
    private static final List<String> FLAGGED = List.of(
            "affinity",
            "nodeSelector",
            "tolerations",
            "topologySpreadConstraints",
            "hostAliases",
            "runtimeClassName",
            "securityContext",
            "shareProcessNamespace",
            "priorityClassName",
            "schedulerName",
            "dnsPolicy",
            "dnsConfig",
            "hostIPC",
            "hostPID",
            "hostNetwork");

    private static final List<String> NEVER_IN_CONTAINER =
            List.of("lifecycle", "stdin", "stdinOnce", "tty", "volumeDevices");
    private static final Set<String> VOLUMES = Set.of("name", "secret", "configMap", "projected", "emptyDir");
    private static final Set<String> RESERVED_PATHS = Set.of("/", "/dev", "/dev/log");
    private static final List<String> PROBES = List.of("readinessProbe", "livenessProbe", "startupProbe");

    private final Fields fields;

    private RevisionChecks(Fields fields) {
        this.fields = fields;
    }

    /** Notes all that is wrong with a revision's specification. */
    static void of(Fields fields) {
        RevisionChecks checks = new RevisionChecks(fields);
        checks.pod();
        JsonNode containers = fields.raw("containers");
        for (int i = 0; i < containers.size(); i++) {
            checks.container("containers[" + i + "]", containers.path(i), containers.size());
        }
        checks.volumes();
    }

    private void pod() {
        for (String name : NEVER) {
            if (said(fields.raw(name))) {
                fields.invalid(name, "not allowed in a Knative template.", "Remove it.");
            }
        }
        for (String name : FLAGGED) {
            if (said(fields.raw(name))) {
                fields.invalid(
                        name,
                        "not allowed in a Knative template, unless a flag of Knative's allows it, and none does here.",
                        "Remove it.");
            }
        }
        if (said(fields.raw("initContainers"))) {
            fields.warning(
                    "initContainers",
                    "Flagged",
                    fields.path("initContainers") + " runs here; Knative refuses it unless its flag is on.",
                    "Turn on kubernetes.podspec-init-containers where it runs on Knative.");
        }
        if (fields.raw("automountServiceAccountToken").asBoolean(false)) {
            fields.invalid("automountServiceAccountToken", "only false is allowed.", "Remove it, or write false.");
        }
        String account = fields.raw("serviceAccountName").asString("");
        if (!account.isEmpty() && !Names.subdomain(account)) {
            fields.invalid(
                    "serviceAccountName",
                    "invalid value: " + account + ": " + fields.path("serviceAccountName")
                            + ": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters,"
                            + " '-' or '.'.",
                    "Write the name of a ServiceAccount.");
        }
    }

    private void container(String path, JsonNode container, int containers) {
        if (container.path("name").asString("").equals("queue-proxy")) {
            fields.invalid(path + ".name", "\"queue-proxy\" is reserved.", "Choose another.");
        }
        for (String name : NEVER_IN_CONTAINER) {
            if (said(container.path(name))) {
                fields.invalid(path + "." + name, "not allowed in a Knative template.", "Remove it.");
            }
        }
        for (String name : List.of("runAsUser", "runAsGroup")) {
            if (container.path("securityContext").path(name).asLong(0) < 0) {
                fields.invalid(path + ".securityContext." + name, "less than 0.", "Write 0 or more.");
            }
        }
        JsonNode port = container.path("ports").path(0);
        if (said(port.path("hostPort")) || said(port.path("hostIP"))) {
            fields.invalid(path + ".ports[0].hostPort", "not allowed in a Knative template.", "Remove it.");
        }
        if (!Set.of("", "TCP").contains(port.path("protocol").asString(""))) {
            fields.invalid(path + ".ports[0].protocol", "only TCP is served.", "Remove it, or write TCP.");
        }
        boolean serves = containers == 1 || !container.path("ports").isEmpty();
        int served = port.path("containerPort").asInt(RevisionSpec.PORT);
        for (String probe : PROBES) {
            probe(
                    path + "." + probe,
                    container.path(probe),
                    serves,
                    served,
                    port.path("name").asString(""));
        }
        mounts(path, container.path("volumeMounts"));
    }

    private void probe(String path, JsonNode probe, boolean serves, int port, String portName) {
        for (String way : List.of("httpGet", "tcpSocket", "grpc")) {
            JsonNode asked = probe.path(way).path("port");
            boolean other = asked.isInt() && asked.asInt() != 0 && asked.asInt() != port;
            boolean otherName = asked.isString()
                    && !asked.asString().isEmpty()
                    && !asked.asString().equals(portName)
                    && !asked.asString().equals(Integer.toString(port));
            if (serves && (other || otherName)) {
                fields.invalid(
                        path + "." + way + ".port",
                        "must be the container's, which is " + port + ".",
                        "Leave it out; the serving port is asked then.");
            }
        }
        boolean eager = path.endsWith("readinessProbe")
                && probe.isObject()
                && probe.path("periodSeconds").asInt(0) == 0;
        for (String name : List.of("failureThreshold", "timeoutSeconds")) {
            if (eager && probe.path(name).asInt(0) != 0) {
                fields.invalid(
                        path + "." + name,
                        "not allowed while periodSeconds is 0, which asks as often as it can.",
                        "Give periodSeconds, or remove it.");
            }
        }
    }

    private void mounts(String path, JsonNode mounts) {
        Set<String> used = new HashSet<>();
        for (int i = 0; i < mounts.size(); i++) {
            String field = path + ".volumeMounts[" + i + "].mountPath";
            String at = mounts.path(i).path("mountPath").asString("");
            String clean = at.length() > 1 && at.endsWith("/") ? at.substring(0, at.length() - 1) : at;
            if (RESERVED_PATHS.contains(clean)) {
                fields.invalid(field, "\"" + at + "\" is reserved.", "Choose another folder.");
            } else if (!clean.isEmpty() && !used.add(clean)) {
                fields.invalid(field, "\"" + at + "\" is mounted twice.", "Give each its own.");
            }
        }
    }

    private void volumes() {
        JsonNode volumes = fields.raw("volumes");
        for (int i = 0; i < volumes.size(); i++) {
            for (String source : volumes.path(i).propertyNames()) {
                if (!VOLUMES.contains(source)) {
                    fields.invalid(
                            "volumes[" + i + "]." + source,
                            "not allowed in a Knative template.",
                            "Use secret, configMap, projected or emptyDir.");
                }
            }
        }
    }

    /** Whether a field says anything: what a writer of YAML puts there for nothing is nothing. */
    private static boolean said(JsonNode value) {
        boolean nothing = value.isMissingNode()
                || value.isNull()
                || (value.isContainer() && value.isEmpty())
                || (value.isBoolean() && !value.asBoolean())
                || (value.isString() && value.asString().isEmpty())
                || (value.isNumber() && value.asDouble() == 0);
        return !nothing;
    }
}
