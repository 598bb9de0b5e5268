package dev.weft.runtime.wire;

import java.io.IOException;
import java.util.List;

/** Joint to the network: stands between pods and how this machine connects them. */
public interface Wire extends AutoCloseable {

    /** One line for people: which mode runs. */
    String description();

    /**
     * Gives a pod its wire; it keeps its address until the wire is closed.
     *
     * @throws IOException when this machine does not allow it any more; the message says why
     */
    PodWire connect(String namespace, String pod, List<DeclaredPort> ports) throws IOException;

    /**
     * The same for a pod that shares this machine's network: its own calls leave the mesh.
     *
     * @throws IOException when this machine does not allow it any more; the message says why
     */
    PodWire connectOnHost(String namespace, String pod, List<DeclaredPort> ports) throws IOException;

    /**
     * A wire for a pod that is not known yet.
     *
     * @throws IOException when this machine does not allow it any more; the message says why
     */
    SpareWire reserve() throws IOException;

    @Override
    void close();
}
