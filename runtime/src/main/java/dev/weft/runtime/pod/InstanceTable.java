package dev.weft.runtime.pod;

import dev.weft.model.workload.Endpoints;
import dev.weft.model.workload.Instance;
import dev.weft.resources.Key;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * All pods whose program runs or is just being started, by the pod's key. Safe from any thread: readers see one moment's
 * state as a whole, never a new pod missing and its predecessor gone.
 *
 * <p>Owner of the table: this object's monitor; listeners are called outside it.
 */
public final class InstanceTable implements Endpoints {

    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile Map<Key, Instance> instances = Map.of();

    @Override
    public List<Instance> instances() {
        return List.copyOf(instances.values());
    }

    @Override
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    void publish(Key pod, Instance instance) {
        change(table -> table.put(pod, instance));
    }

    /** Nothing happens to a pod that is gone: a late answer of a probe never brings a dead process back. */
    void ready(Key pod, boolean ready) {
        change(table -> table.computeIfPresent(pod, (key, instance) -> withReady(instance, ready)));
    }

    void remove(Key pod) {
        change(table -> table.remove(pod));
    }

    private void change(Consumer<Map<Key, Instance>> edit) {
        synchronized (this) {
            Map<Key, Instance> next = new LinkedHashMap<>(instances);
            edit.accept(next);
            if (next.equals(instances)) {
                return;
            }
            instances = next;
        }
        listeners.forEach(Runnable::run);
    }

    private static Instance withReady(Instance instance, boolean ready) {
        return new Instance(
                instance.workload(),
                instance.labels(),
                instance.address(),
                instance.outboundPort(),
                instance.ports(),
                instance.outlets(),
                ready);
    }
}
