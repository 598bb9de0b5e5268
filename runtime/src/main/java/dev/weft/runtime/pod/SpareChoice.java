package dev.weft.runtime.pod;

import dev.weft.runtime.spare.Fit;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * Why a pod does not begin in a parked JVM, as far as its specification tells: looked at before one is taken, which would be
 * lost. What the rest of its launch says is looked at by {@link Fit}.
 */
final class SpareChoice {

    private SpareChoice() {}

    static Optional<String> refusal(PodSpec pod, PodParts parts) {
        if (!parts.spares().used()) {
            return Optional.of("no spares are kept (--spares 0, or not on Linux)");
        }
        if (pod.hostNetwork()) {
            return Optional.of("it is on this machine's network");
        }
        if (!pod.init().isEmpty() || pod.containers().size() != 1) {
            return Optional.of("it has several containers");
        }
        ContainerSpec container = pod.containers().getFirst();
        if (!parts.images().servesFunction(container.image())) {
            return Optional.of("its image is no Java function");
        }
        if (!container.command().isEmpty() || !container.args().isEmpty()) {
            return Optional.of("it has a command or arguments of its own");
        }
        Set<String> names = container
                .env()
                .valueStream()
                .map(variable -> variable.path("name").asString(""))
                .collect(Collectors.toSet());
        Set<String> fixed = Fit.fixed(names);
        if (!fixed.isEmpty()) {
            return Optional.of(String.join(", ", fixed) + " is read only when a process starts");
        }
        return changesAccount(pod, container, parts)
                ? Optional.of("it runs as another user, or with groups of its own")
                : volumes(pod, container);
    }

    /** One that may not is refused later, with the reason. */
    private static boolean changesAccount(PodSpec pod, ContainerSpec container, PodParts parts) {
        try {
            return parts.runAs()
                    .account(pod.resource().at("/spec/securityContext"), container.security())
                    .isPresent();
        } catch (Preparation.Refusal e) {
            return true;
        }
    }

    private static Optional<String> volumes(PodSpec pod, ContainerSpec container) {
        for (JsonNode volume : pod.resource().at("/spec/volumes")) {
            if (volume.at("/emptyDir/medium").asString("").equals("Memory")) {
                return Optional.of("a volume in memory can be mounted only before a program starts");
            }
        }
        for (JsonNode mount : container.volumeMounts()) {
            if (mount.has("subPath") || mount.has("subPathExpr")) {
                return Optional.of("a subPath of a volume can be mounted only before a program starts");
            }
        }
        return Optional.empty();
    }
}
