package dev.weft.resources.core;

import dev.weft.resources.reading.Fields;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One program of a pod.
 *
 * @param name empty in a Knative template that leaves it out
 * @param command in place of the image's own; empty for the image's own
 * @param requests resources by name in thousandths ({@code cpu}: thousandths of a core; {@code memory}: of a byte)
 * @param restartPolicy its own, in place of the pod's
 */
public record Container(
        String name,
        String image,
        List<String> command,
        List<String> args,
        String workingDir,
        List<ContainerPort> ports,
        List<EnvVar> env,
        List<EnvFrom> envFrom,
        Optional<Probe> readinessProbe,
        Optional<Probe> livenessProbe,
        Optional<Probe> startupProbe,
        Map<String, Long> requests,
        Map<String, Long> limits,
        List<VolumeMount> volumeMounts,
        Optional<String> restartPolicy) {

    static final List<String> RESTART_POLICIES = List.of("Always", "OnFailure", "Never");

    public Container {
        command = List.copyOf(command);
        args = List.copyOf(args);
        ports = List.copyOf(ports);
        env = List.copyOf(env);
        envFrom = List.copyOf(envFrom);
        requests = Map.copyOf(requests);
        limits = Map.copyOf(limits);
        volumeMounts = List.copyOf(volumeMounts);
    }

    /** Reads a container whose name must be given. */
    public static Container of(Fields fields) {
        fields.requiredText("name");
        for (String probe : List.of("readinessProbe", "livenessProbe", "startupProbe")) {
            Probe.checkComplete(fields, probe);
        }
        return unnamed(fields);
    }

    /** Reads a container whose name may be left out, as in Knative's templates. */
    public static Container unnamed(Fields fields) {
        PodNoEffect.container(fields);
        fields.unsupported("volumeDevices", "lifecycle");
        Map<String, Long> requests = fields.object("resources", resources -> {
                    resources.inert("limits", "claims");
                    return resources.object("requests", Container::quantities).orElse(Map.of());
                })
                .orElse(Map.of());
        Map<String, Long> limits = fields.object("resources", resources -> {
                    resources.inert("requests", "claims");
                    return resources.object("limits", Container::quantities).orElse(Map.of());
                })
                .orElse(Map.of());
        checkAmounts(fields, requests, limits);
        return new Container(
                fields.text("name", ""),
                fields.requiredText("image"),
                fields.texts("command"),
                fields.texts("args"),
                fields.text("workingDir", ""),
                ContainerPort.all(fields),
                fields.objects("env", EnvVar::of),
                fields.objects("envFrom", EnvFrom::of),
                fields.object("readinessProbe", Probe::of),
                fields.object("livenessProbe", Probe::of),
                fields.object("startupProbe", Probe::of),
                requests,
                limits,
                VolumeMount.all(fields),
                fields.word("restartPolicy", RESTART_POLICIES));
    }

    private static void checkAmounts(Fields fields, Map<String, Long> requests, Map<String, Long> limits) {
        requests.forEach((name, amount) -> {
            if (limits.getOrDefault(name, amount) < amount) {
                fields.invalid(
                        "resources.requests." + name,
                        "more than its limit.",
                        "Write at most what resources.limits." + name + " says.");
            }
        });
        Map.of("requests", requests, "limits", limits)
                .forEach((field, amounts) -> amounts.forEach((name, amount) -> {
                    if (amount < 0) {
                        fields.invalid("resources." + field + "." + name, "less than nothing.", "Write 0 or more.");
                    }
                }));
    }

    private static Map<String, Long> quantities(Fields fields) {
        Map<String, Long> quantities = new LinkedHashMap<>();
        fields.names().forEach(name -> quantities.put(name, fields.quantityMillis(name, 0)));
        return quantities;
    }
}
