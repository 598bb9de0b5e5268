package dev.weft.proxy.network;

import java.util.Optional;

/** The pods' own networks, made before a pod is in any snapshot. */
public interface Networks {

    /** All pods share this process's network, and call as an HTTP proxy is called, or by their outlets. */
    Networks NONE = _ -> Optional.empty();

    /**
     * The network of a pod that has one to itself; from any thread.
     *
     * @param pod {@code namespace/name}
     */
    Optional<PodNetwork> of(String pod);

    /** Whether every pod has a network to itself: one without is gone, and nothing listens for it on the host. */
    default boolean everyPod() {
        return false;
    }
}
