package dev.weft.resources.core;

import dev.weft.resources.reading.Fields;
import java.util.List;
import java.util.Map;

/** What Kubernetes' pods may say and pods here run without. */
final class PodNoEffect {

    private static final Map<String, List<String>> PLACE = Map.of(
            "nodeSelector", List.of(),
            "affinity", List.of(),
            "tolerations", List.of(),
            "topologySpreadConstraints", List.of(),
            "schedulerName", List.of("default-scheduler"),
            "schedulingGates", List.of(),
            "runtimeClassName", List.of(),
            "os", List.of("{\"name\":\"linux\"}"),
            "overhead", List.of());
    private static final Map<String, List<String>> RANK = Map.of(
            "priorityClassName",
            List.of(),
            "priority",
            List.of("0"),
            "preemptionPolicy",
            List.of("PreemptLowerPriority"));
    private static final Map<String, List<String>> NAMES = Map.of(
            "dnsPolicy", List.of("ClusterFirst", "ClusterFirstWithHostNet"),
            "dnsConfig", List.of(),
            "hostAliases", List.of(),
            "hostname", List.of(),
            "subdomain", List.of(),
            "setHostnameAsFQDN", List.of());
    private static final Map<String, List<String>> WALLS = Map.of(
            "shareProcessNamespace", List.of(),
            "hostIPC", List.of(),
            "hostPID", List.of(),
            "hostUsers", List.of("true"));
    private static final Map<String, List<String>> SECURITY =
            Map.of("seLinuxOptions", List.of(), "appArmorProfile", List.of(), "windowsOptions", List.of());
    private static final Map<String, List<String>> POD_SECURITY =
            Map.of("seLinuxChangePolicy", List.of(), "sysctls", List.of());
    private static final Map<String, List<String>> CONTAINER_SECURITY =
            Map.of("privileged", List.of(), "readOnlyRootFilesystem", List.of(), "procMount", List.of("Default"));
    private static final String ORDINARY = "programs run as an ordinary account of this machine, with its files.";

    private PodNoEffect() {}

    static void pod(Fields pod) {
        pod.oneWay("there is one machine, on which every pod runs.", PLACE);
        pod.oneWay("pods do not drive each other out.", RANK);
        pod.oneWay("a pod's names and its resolver are the mesh's.", NAMES);
        pod.oneWay("each pod has namespaces of its own, or none in loopback mode.", WALLS);
        pod.oneWay("images are local.", Map.of("imagePullSecrets", List.of()));
        pod.oneWay("readiness is what the containers' probes say.", Map.of("readinessGates", List.of()));
        pod.oneWay("only a Job's own activeDeadlineSeconds ends pods.", Map.of("activeDeadlineSeconds", List.of()));
        pod.oneWay("resources are the containers'.", Map.of("resourceClaims", List.of(), "resources", List.of()));
        pod.object("securityContext", context -> {
            context.inert("fsGroup", "fsGroupChangePolicy", "supplementalGroups", "supplementalGroupsPolicy");
            context.oneWay(ORDINARY, POD_SECURITY);
            return security(context);
        });
    }

    static void container(Fields container) {
        container.inert("imagePullPolicy", "stdin", "stdinOnce", "tty"); // images are local, whatever it says
        container.oneWay(
                "what a container says at its end are the last lines of its log.",
                Map.of(
                        "terminationMessagePath", List.of("/dev/termination-log"),
                        "terminationMessagePolicy", List.of("File", "FallbackToLogsOnError")));
        container.oneWay("resources change with a new pod.", Map.of("resizePolicy", List.of()));
        container.object("securityContext", context -> {
            context.inert("allowPrivilegeEscalation", "capabilities"); // nothing to take away from an ordinary account
            context.oneWay(ORDINARY, CONTAINER_SECURITY);
            return security(context);
        });
    }

    private static boolean security(Fields context) {
        context.inert("runAsUser", "runAsGroup", "runAsNonRoot", "seccompProfile");
        context.oneWay(ORDINARY, SECURITY);
        return true;
    }
}
