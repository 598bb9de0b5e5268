package dev.weft.resources.core;

import dev.weft.resources.reading.Fields;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * What a pod runs.
 *
 * @param serviceAccount whose identity it has; {@code default} when not given
 * @param containers at least one
 * @param terminationGracePeriod from SIGTERM to SIGKILL
 */
public record PodSpec(
        String serviceAccount, List<Container> containers, Duration terminationGracePeriod, String restartPolicy) {

    public PodSpec {
        containers = List.copyOf(containers);
    }

    public static PodSpec of(Fields fields) {
        return of(fields, Container::of);
    }

    /**
     * Reads a pod whose containers are written in another form.
     *
     * @param container reads one container
     */
    public static PodSpec of(Fields fields, Function<Fields, Container> container) {
        fields.inert(
                "nodeName", "nodeSelector", "affinity", "tolerations", "topologySpreadConstraints", "schedulerName");
        fields.inert("priorityClassName", "priority", "preemptionPolicy", "runtimeClassName", "overhead", "dnsPolicy");
        fields.inert("dnsConfig", "hostAliases", "hostname", "subdomain", "setHostnameAsFQDN", "securityContext");
        fields.inert("automountServiceAccountToken", "enableServiceLinks", "imagePullSecrets", "serviceAccount");
        fields.inert("shareProcessNamespace", "hostIPC", "hostPID", "hostNetwork", "hostUsers", "os", "readinessGates");
        fields.inert("activeDeadlineSeconds", "schedulingGates", "resourceClaims", "resources");
        fields.unsupported("initContainers", "volumes", "ephemeralContainers");
        List<Container> containers = fields.requiredObjects("containers", container);
        Set<String> names = new HashSet<>();
        for (int i = 0; i < containers.size(); i++) {
            String name = containers.get(i).name();
            if (!name.isEmpty() && !names.add(name)) {
                fields.invalid("containers[" + i + "].name", "\"" + name + "\" is used twice.", "Give each its own.");
            }
        }
        return new PodSpec(
                fields.text("serviceAccountName")
                        .filter(name -> !name.isEmpty())
                        .orElseGet(() -> fields.text("serviceAccount", "default")),
                containers,
                fields.seconds("terminationGracePeriodSeconds", 30, 0, 86_400),
                fields.word("restartPolicy", List.of("Always", "OnFailure", "Never"))
                        .orElse("Always"));
    }
}
