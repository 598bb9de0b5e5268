package dev.weft.runtime.pod;

import dev.weft.model.workload.Endpoints;
import dev.weft.model.workload.Instance;
import dev.weft.resources.Key;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** All pods whose program runs or is just being started, by the pod's key. Safe from any thread. */
public final class InstanceTable implements Endpoints {

    private final Map<Key, Instance> instances = new ConcurrentHashMap<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    @Override
    public List<Instance> instances() {
        return List.copyOf(instances.values());
    }

    @Override
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    void publish(Key pod, Instance instance) {
        instances.put(pod, instance);
        announce();
    }

    /** Nothing happens to a pod that is gone: a late answer of a probe never brings a dead process back. */
    void ready(Key pod, boolean ready) {
        Instance before = instances.get(pod);
        if (before != null && before.ready() != ready) {
            instances.computeIfPresent(pod, (key, instance) -> withReady(instance, ready));
            announce();
        }
    }

    void remove(Key pod) {
        if (instances.remove(pod) != null) {
            announce();
        }
    }

    private void announce() {
        listeners.forEach(Runnable::run);
    }

    private static Instance withReady(Instance instance, boolean ready) {
        return new Instance(
                instance.workload(),
                instance.labels(),
                instance.address(),
                instance.outboundPort(),
                instance.ports(),
                ready);
    }
}
