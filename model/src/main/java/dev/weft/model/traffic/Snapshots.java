package dev.weft.model.traffic;

import java.util.function.Consumer;

/** Joint: the newest snapshot, for whoever acts on it. */
public interface Snapshots {

    /** The newest snapshot; one volatile read. */
    Snapshot current();

    /**
     * Calls {@code listener} with the current snapshot and then with every newer one, in order of version, on the
     * control plane's thread; the listener must return at once. Snapshots that were overtaken may be left out.
     */
    void onChange(Consumer<Snapshot> listener);
}
