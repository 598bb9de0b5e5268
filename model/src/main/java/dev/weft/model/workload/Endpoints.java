package dev.weft.model.workload;

import java.util.List;

/** Joint: what runs. The runtime of this machine publishes it, or a cluster; the control plane reads it. */
public interface Endpoints {

    /** All instances now, ready or not; a dead one is gone from here before anything else learns of its death. */
    List<Instance> instances();

    /**
     * Calls {@code listener} after every change, on the publisher's thread; the listener must return at once and read
     * {@link #instances()} when it gets to it. Changes may be merged into one call.
     */
    void onChange(Runnable listener);
}
