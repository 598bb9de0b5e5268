package dev.weft.proxy.network;

import dev.weft.model.traffic.ServicePort;

/** What a pod's program reaches at an address that it connects to. */
public sealed interface Meaning {

    /** A service's own address. */
    record Service(ServicePort servicePort) implements Meaning {}

    /**
     * A pod's own address.
     *
     * @param pod {@code namespace/name}
     * @param port as its program believes to listen on it
     */
    record Pod(String pod, int port) implements Meaning {}

    /**
     * Outside of the mesh.
     *
     * @param name by which the program knows the address; the address itself where it is not known
     * @param address to connect to from this process's own network, numeric
     * @param port likewise
     */
    record Outside(String name, String address, int port) implements Meaning {}

    /** Nothing that it may reach. */
    record Nothing(String reason) implements Meaning {}
}
