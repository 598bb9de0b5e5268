package dev.weft.serving;

import dev.weft.model.workload.Endpoints;
import dev.weft.model.workload.Instance;
import dev.weft.model.workload.Workload;
import dev.weft.model.workload.WorkloadIdentity;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** Instances that come and go as a test says. */
final class ScriptedEndpoints implements Endpoints {

    private final Map<String, Instance> instances = new LinkedHashMap<>();
    private final AtomicLong looks = new AtomicLong();
    private Runnable listener = () -> {};

    @Override
    public synchronized List<Instance> instances() {
        looks.incrementAndGet();
        return List.copyOf(instances.values());
    }

    @Override
    public synchronized void onChange(Runnable newListener) {
        listener = newListener;
    }

    void put(String pod, String revision, boolean ready) {
        Workload workload = new Workload(
                "default",
                pod,
                revision,
                "Revision",
                new WorkloadIdentity(WorkloadIdentity.TRUST_DOMAIN, "default", "default"));
        Map<String, String> labels = Map.of("serving.knative.dev/revision", revision);
        change(() -> instances.put(pod, new Instance(workload, labels, "127.1.0.1", 4140, List.of(), ready)));
    }

    void remove(String pod) {
        change(() -> instances.remove(pod));
    }

    /** How often somebody looked. */
    long looks() {
        return looks.get();
    }

    /** Has whoever follows them look again. */
    void tell() {
        change(() -> {});
    }

    private void change(Runnable edit) {
        Runnable told;
        synchronized (this) {
            edit.run();
            told = listener;
        }
        told.run();
    }
}
