package dev.weft.resources.core;

import dev.weft.resources.reading.Fields;
import dev.weft.resources.reading.Names;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a pod runs.
 *
 * @param serviceAccount whose identity it has; {@code default} when not given
 * @param initContainers run one after the other before the others; with the restart policy {@code Always}, beside them
 * @param containers at least one
 * @param terminationGracePeriod from SIGTERM to SIGKILL
 */
public record PodSpec(
        String serviceAccount,
        List<Container> initContainers,
        List<Container> containers,
        List<Volume> volumes,
        Duration terminationGracePeriod,
        String restartPolicy) {

    public PodSpec {
        initContainers = List.copyOf(initContainers);
        containers = List.copyOf(containers);
        volumes = List.copyOf(volumes);
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
        fields.inert("nodeName", "automountServiceAccountToken", "enableServiceLinks", "serviceAccount", "hostNetwork");
        PodNoEffect.pod(fields);
        fields.unsupported("ephemeralContainers");
        List<Volume> volumes = fields.objects("volumes", Volume::of);
        List<Container> init = fields.objects("initContainers", container);
        List<Container> containers = fields.requiredObjects("containers", container);
        names(fields, "volumes", volumes.stream().map(Volume::name).toList(), new HashSet<>());
        Set<String> used = new HashSet<>();
        names(fields, "initContainers", init.stream().map(Container::name).toList(), used);
        names(fields, "containers", containers.stream().map(Container::name).toList(), used);
        Set<String> declared = volumes.stream().map(Volume::name).collect(Collectors.toSet());
        mounts(fields, "initContainers", init, declared);
        mounts(fields, "containers", containers, declared);
        restarts(fields, init, containers);
        return new PodSpec(
                fields.text("serviceAccountName")
                        .filter(name -> !name.isEmpty())
                        .orElseGet(() -> fields.text("serviceAccount", "default")),
                init,
                containers,
                volumes,
                fields.seconds("terminationGracePeriodSeconds", 30, 0, 86_400),
                fields.word("restartPolicy", Container.RESTART_POLICIES).orElse("Always"));
    }

    /** Those left out have been answered, or may be left out. */
    private static void names(Fields fields, String list, List<String> names, Set<String> used) {
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            String field = list + "[" + i + "].name";
            if (!name.isEmpty() && !Names.label(name)) {
                fields.invalid(field, "\"" + name + "\" is no DNS label.", "Write lower case letters, digits, dashes.");
            } else if (!name.isEmpty() && !used.add(name)) {
                fields.invalid(field, "\"" + name + "\" is used twice.", "Give each its own.");
            }
        }
    }

    private static void mounts(Fields fields, String list, List<Container> containers, Set<String> volumes) {
        for (int i = 0; i < containers.size(); i++) {
            List<VolumeMount> mounts = containers.get(i).volumeMounts();
            for (int j = 0; j < mounts.size(); j++) {
                String name = mounts.get(j).volume();
                if (!name.isEmpty() && !volumes.contains(name)) {
                    fields.invalid(
                            list + "[" + i + "].volumeMounts[" + j + "].name",
                            "there is no volume \"" + name + "\".",
                            Names.nearest(name, volumes)
                                    .map(near -> "Did you mean " + near + "?")
                                    .orElse("Add it to " + fields.path("volumes") + "."));
                }
            }
        }
    }

    /** An init container may go on beside those that follow it; other policies of single containers are not built. */
    private static void restarts(Fields fields, List<Container> init, List<Container> containers) {
        for (int i = 0; i < init.size(); i++) {
            if (!init.get(i).restartPolicy().orElse("Always").equals("Always")) {
                fields.invalid(
                        "initContainers[" + i + "].restartPolicy",
                        "only Always is known here.",
                        "Write Always, or remove it.");
            }
        }
        for (int i = 0; i < containers.size(); i++) {
            String name = "containers[" + i + "].restartPolicy";
            if (containers.get(i).restartPolicy().isPresent()) {
                fields.warning(
                        name,
                        "NotSupportedYet",
                        fields.path(name) + " is not supported yet and has no effect.",
                        "Remove it; " + fields.path("restartPolicy") + " is for all containers.");
            }
        }
    }
}
