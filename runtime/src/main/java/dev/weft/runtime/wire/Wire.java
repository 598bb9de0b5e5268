package dev.weft.runtime.wire;

import java.util.List;

/** Joint to the network: stands between pods and how this machine connects them. */
public interface Wire extends AutoCloseable {

    /** One line for people: which mode runs. */
    String description();

    /** Gives a pod its wire; it keeps its address until the wire is closed. */
    PodWire connect(String namespace, String pod, List<DeclaredPort> ports);

    @Override
    void close();
}
