package dev.weft.runtime.pod;

import dev.weft.model.workload.Workload;
import dev.weft.model.workload.WorkloadIdentity;
import dev.weft.resources.Key;
import dev.weft.resources.Resource;
import dev.weft.resources.apps.PodOwner;
import dev.weft.runtime.wire.DeclaredPort;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * What a Pod resource asks for, as far as a process can give it. The specification of a pod never changes.
 *
 * @param serviceLinks whether it is told of the services of its namespace by environment variables
 * @param hostNetwork whether it shares this machine's network
 * @param unsupported parts of the specification that would change what runs and are not built; such a pod is not started
 */
record PodSpec(
        Resource resource,
        List<ContainerSpec> init,
        List<ContainerSpec> containers,
        String restartPolicy,
        Duration terminationGrace,
        boolean serviceLinks,
        boolean hostNetwork,
        List<String> unsupported) {

    /** A DNS label, RFC 1123 §2.1. */
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

    static PodSpec read(Resource pod) {
        JsonNode spec = pod.at("/spec");
        List<ContainerSpec> init = containers(spec.path("initContainers"));
        List<ContainerSpec> containers = containers(spec.path("containers"));
        return new PodSpec(
                pod,
                init,
                containers,
                spec.path("restartPolicy").asString("Always"),
                Duration.ofSeconds(spec.path("terminationGracePeriodSeconds").asLong(30)),
                spec.path("enableServiceLinks").asBoolean(true),
                spec.path("hostNetwork").asBoolean(false),
                unsupported(init, containers));
    }

    Key key() {
        return resource.key();
    }

    String uid() {
        return resource.uid();
    }

    String serviceAccount() {
        return resource.at("/spec/serviceAccountName").asString("default");
    }

    /** Who this pod is; its owner is the revision or else the controller that made it. */
    Workload workload() {
        Map<String, String> labels = resource.labels();
        PodOwner owner = PodOwner.of(resource);
        boolean alone = owner.kind().isEmpty();
        String revision = labels.getOrDefault("serving.knative.dev/revision", "");
        String name = revision.isEmpty() ? (alone ? resource.name() : owner.name()) : revision;
        String kind = revision.isEmpty() ? (alone ? "Pod" : owner.kind()) : "Revision";
        WorkloadIdentity identity =
                new WorkloadIdentity(WorkloadIdentity.TRUST_DOMAIN, resource.namespace(), serviceAccount());
        return new Workload(resource.namespace(), resource.name(), name, kind, identity);
    }

    /** The ports of all its containers. */
    List<DeclaredPort> ports() {
        return Stream.concat(init.stream().filter(ContainerSpec::sidecar), containers.stream())
                .flatMap(container -> container.ports().stream())
                .toList();
    }

    /** Names that would lead somewhere else as those of folders, with where they stand. */
    List<String> misnamed() {
        List<String> found = new ArrayList<>();
        for (String list : List.of("initContainers", "containers", "volumes")) {
            for (JsonNode each : resource.at("/spec/" + list)) {
                String name = each.path("name").asString("");
                if (!LABEL.matcher(name).matches()) {
                    found.add("spec." + list + ": name \"" + name.replaceAll("\\p{Cntrl}", "?") + "\"");
                }
            }
        }
        return found;
    }

    private static List<ContainerSpec> containers(JsonNode array) {
        return array.valueStream().map(ContainerSpec::read).toList();
    }

    private static List<String> unsupported(List<ContainerSpec> init, List<ContainerSpec> containers) {
        List<String> found = new ArrayList<>();
        Stream.concat(init.stream(), containers.stream()).forEach(each -> found.addAll(each.unsupportedProbes()));
        return List.copyOf(found);
    }
}
