package dev.weft.runtime.pod;

import dev.weft.resources.Kinds;
import dev.weft.resources.ResourceStore;
import java.util.Optional;

/** Which pods may share this machine's network. */
final class HostNetworks {

    /** The annotation of a Namespace whose pods may; its value is {@code allow}. */
    static final String ANNOTATION = "weft.dev/host-network";

    private HostNetworks() {}

    /** Why this pod may not; empty when it may, or does not want to. */
    static Optional<String> refusal(PodSpec pod, ResourceStore store) {
        String namespace = pod.resource().namespace();
        boolean allowed = store.get(Kinds.NAMESPACE.key("", namespace))
                .map(found -> found.annotations().getOrDefault(ANNOTATION, "").equals("allow"))
                .orElse(false);
        return allowed || !pod.hostNetwork()
                ? Optional.empty()
                : Optional.of("hostNetwork leaves the mesh, which pods of namespace " + namespace
                        + " may not; allow it: kubectl annotate namespace " + namespace + " " + ANNOTATION + "=allow");
    }
}
