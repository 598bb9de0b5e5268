package dev.weft.runtime.names;

import dev.weft.model.traffic.ServicePort;

/** What a program reaches at an address that it connects to from its pod's own network. */
public sealed interface Reached {

    /** A service's own address. */
    record ServiceAddress(ServicePort servicePort) implements Reached {}

    /**
     * A pod's own address.
     *
     * @param pod {@code namespace/name}
     */
    record PodAddress(String pod, int port) implements Reached {}

    /**
     * Outside of the mesh.
     *
     * @param name by which the program asked for it, or the address itself
     * @param address as the host reaches it
     * @param port likewise
     */
    record Outside(String name, String address, int port) implements Reached {}

    /** Nothing that it may reach. */
    record Nothing(String reason) implements Reached {}
}
