package dev.weft.runtime.pod;

import dev.weft.runtime.probe.Probe;
import dev.weft.runtime.volume.Quantity;
import dev.weft.runtime.wire.DeclaredPort;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * One container of a pod.
 *
 * @param env as written; see {@link Environment}
 * @param envFrom as written
 * @param volumeMounts as written
 * @param security its {@code securityContext}, as written
 * @param sidecar of an init container: whether it goes on beside those that follow it
 * @param processorsMax in thousandths, 0 for no limit
 * @param memoryBytesMax 0 for no limit
 */
record ContainerSpec(
        String name,
        String image,
        List<String> command,
        List<String> args,
        String workingDirectory,
        JsonNode env,
        JsonNode envFrom,
        JsonNode volumeMounts,
        JsonNode security,
        List<DeclaredPort> ports,
        Optional<Probe> startup,
        Optional<Probe> liveness,
        Optional<Probe> readiness,
        boolean sidecar,
        long processorsMax,
        long memoryBytesMax) {

    static ContainerSpec read(JsonNode json) {
        List<DeclaredPort> ports = new ArrayList<>();
        json.path("ports")
                .forEach(port -> ports.add(new DeclaredPort(
                        port.path("name").asString(""),
                        port.path("containerPort").asInt(0),
                        port.path("protocol").asString("TCP").equals("TCP")
                                ? port.path("hostPort").asInt(0)
                                : 0)));
        return new ContainerSpec(
                json.path("name").asString(""),
                json.path("image").asString(""),
                strings(json.path("command")),
                strings(json.path("args")),
                json.path("workingDir").asString(""),
                json.path("env"),
                json.path("envFrom"),
                json.path("volumeMounts"),
                json.path("securityContext"),
                List.copyOf(ports),
                probe(json.path("startupProbe")),
                probe(json.path("livenessProbe")),
                probe(json.path("readinessProbe")),
                json.path("restartPolicy").asString("").equals("Always"),
                Quantity.thousandths(json.at("/resources/limits/cpu").asString("")),
                Quantity.bytes(json.at("/resources/limits/memory").asString("")));
    }

    boolean declares(int port) {
        return ports.stream().anyMatch(each -> each.containerPort() == port);
    }

    /** Kinds of probes that are not built, for a refusal. */
    List<String> unsupportedProbes() {
        return Stream.of(startup, liveness, readiness)
                .flatMap(Optional::stream)
                .filter(probe -> probe.action() instanceof Probe.Action.Unsupported)
                .map(probe -> ((Probe.Action.Unsupported) probe.action()).what() + " probe")
                .toList();
    }

    private static Optional<Probe> probe(JsonNode json) {
        return json.isObject() ? Optional.of(Probe.read(json)) : Optional.empty();
    }

    private static List<String> strings(JsonNode array) {
        List<String> strings = new ArrayList<>();
        array.forEach(element -> strings.add(element.asString("")));
        return List.copyOf(strings);
    }
}
