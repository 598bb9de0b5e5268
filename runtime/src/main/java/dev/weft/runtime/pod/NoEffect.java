package dev.weft.runtime.pod;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/** What a pod's specification says and the pod runs without; each is told once, by an event. */
final class NoEffect {

    private NoEffect() {}

    /**
     * Sentences for people.
     *
     * @param groups whether the platform can choose groups
     * @param limits whether limits are the kernel's
     */
    static List<String> of(PodSpec pod, boolean groups, boolean limits) {
        JsonNode spec = pod.resource().at("/spec");
        Set<String> ignored = groups ? Set.of() : groups(spec);
        List<String> told = new ArrayList<>();
        if (!ignored.isEmpty()) {
            told.add(String.join(", ", ignored)
                    + " of securityContext: no effect, Weft runs as an ordinary account, whose"
                    + " groups programs keep and who owns their volumes");
        }
        Set<String> others = new LinkedHashSet<>();
        for (String list : List.of("initContainers", "containers")) {
            for (JsonNode container : spec.path(list)) {
                if (!limits && container.at("/resources/limits").has("cpu")) {
                    others.add(
                            "resources.limits.cpu: no effect, programs share this machine's processors; weft check says"
                                    + " why");
                }
                container.path("ports").forEach(port -> port(port, others));
                for (String kind : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
                    if (container.at("/" + kind + "/httpGet").has("host")) {
                        others.add(kind + ".httpGet.host: no effect, the pod itself is asked; a Host header is one of"
                                + " httpHeaders");
                    }
                }
            }
        }
        told.addAll(others);
        return told;
    }

    private static Set<String> groups(JsonNode spec) {
        Set<String> ignored = new TreeSet<>();
        List<JsonNode> contexts = new ArrayList<>(List.of(spec.path("securityContext")));
        spec.path("initContainers").forEach(each -> contexts.add(each.path("securityContext")));
        spec.path("containers").forEach(each -> contexts.add(each.path("securityContext")));
        List<String> fields = List.of("fsGroup", "supplementalGroups", "runAsGroup");
        for (JsonNode context : contexts) {
            fields.stream().filter(context::has).forEach(ignored::add);
        }
        return ignored;
    }

    private static void port(JsonNode port, Set<String> told) {
        int number = port.path("hostPort").asInt(0);
        if (number == 0) {
            return;
        }
        String protocol = port.path("protocol").asString("TCP");
        String address = port.path("hostIP").asString("");
        if (!protocol.equals("TCP")) {
            told.add("hostPort " + number + " of protocol " + protocol + ": no effect, only TCP is passed on");
        } else if (!address.isEmpty() && !address.equals("127.0.0.1")) {
            told.add("hostIP " + address + " of hostPort " + number + ": no effect, the port is 127.0.0.1's alone");
        }
    }
}
