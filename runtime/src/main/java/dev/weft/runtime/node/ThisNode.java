package dev.weft.runtime.node;

import dev.weft.resources.Change;
import dev.weft.resources.Key;
import dev.weft.resources.Kinds;
import dev.weft.resources.Reconciler;
import dev.weft.resources.RefusedException;
import dev.weft.resources.Resource;
import dev.weft.resources.ResourceStore;
import dev.weft.runtime.pod.PodReconciler;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import tools.jackson.databind.node.ObjectNode;

/** Keeps the one Node of this machine: makes it, says every minute how it is, and knows whether it takes pods. */
public final class ThisNode implements AutoCloseable {

    /** Of the Node, and of {@code spec.nodeName} of every pod. */
    public static final String NAME = PodReconciler.NODE;

    private static final Key KEY = Kinds.NODE.key("", NAME);
    private static final Duration HEARTBEAT = Duration.ofMinutes(1);

    private final ResourceStore store;
    private final NodeStatus status;
    private final Reconciler<Key> queue = new Reconciler<>("node", this::reconcile);

    /** @param data the folder whose disk is the pods' */
    public ThisNode(ResourceStore store, Path data, InstantSource clock) {
        this.store = store;
        this.status = new NodeStatus(data, clock);
        queue.enqueue(KEY);
    }

    /** Whether new pods are to run here: {@code kubectl cordon} says no. From any thread. */
    public boolean takesPods() {
        return !store.get(KEY)
                .map(node -> node.at("/spec/unschedulable").asBoolean(false))
                .orElse(false);
    }

    /** A Node that somebody deleted comes back: the machine is still there. */
    public void nodeChanged(Change change) {
        if (change.type() == Change.Type.DELETED && change.resource().key().equals(KEY)) {
            queue.enqueue(KEY);
        }
    }

    @Override
    public void close() {
        queue.close();
    }

    private void reconcile(Key key) {
        queue.enqueueAfter(key, HEARTBEAT);
        Resource node = store.get(key).orElseGet(this::create);
        try {
            store.updateStatus(key, status.of(node));
        } catch (RefusedException e) {
            if (e.reason() != RefusedException.Reason.NOT_FOUND) { // its deletion comes here too
                throw e;
            }
        }
    }

    private Resource create() {
        Resource node = Resource.of(KEY);
        ObjectNode labels = node.json().withObject("/metadata/labels");
        labels.put("kubernetes.io/hostname", NodeStatus.hostname());
        labels.put("kubernetes.io/os", NodeStatus.system());
        labels.put("kubernetes.io/arch", NodeStatus.architecture());
        node.json().putObject("spec").put("providerID", "weft://" + NAME);
        return store.create(node);
    }
}
