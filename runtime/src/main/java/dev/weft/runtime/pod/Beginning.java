package dev.weft.runtime.pod;

import dev.weft.runtime.process.Cgroup;
import dev.weft.runtime.process.RunningProcess;
import dev.weft.runtime.spare.Fit;
import dev.weft.runtime.spare.ProcessStart;
import dev.weft.runtime.spare.Spare;
import dev.weft.runtime.wire.Launch;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How a container's program begins: in the JVM that is parked on its pod's wire, or else in a fresh process. */
record Beginning(PodRun pod, PodParts parts) {

    private static final Logger LOG = LoggerFactory.getLogger(Beginning.class);

    /**
     * Starts it, and writes down how.
     *
     * @param died called first of all when it has ended, on a thread that must not be held up
     */
    RunningProcess begin(Launch launch, Optional<Cgroup> limits, Runnable died) throws IOException {
        long began = System.nanoTime();
        Optional<Spare> spare = pod.takeSpare();
        if (spare.isEmpty()) {
            return fresh(launch, pod.fresh(), died, began);
        }
        return switch (parts.spares().fit(spare.get(), launch)) {
            case Fit.Refused(String why) -> {
                spare.get().discard();
                yield fresh(launch, why, died, began);
            }
            case Fit.Suits suits -> parked(spare.get(), suits, launch, limits, died, began);
        };
    }

    private RunningProcess parked(
            Spare spare, Fit.Suits suits, Launch launch, Optional<Cgroup> limits, Runnable died, long began)
            throws IOException {
        try {
            RunningProcess process = spare.become(launch, suits, pod.wire(), its -> within(limits, its), died);
            record(true, "", began);
            return process;
        } catch (IOException | RuntimeException e) {
            LOG.warn("{}: a spare was of no use", pod.spec().key(), e);
            return fresh(launch, "the spare could not take it over: " + e.getMessage(), died, began);
        }
    }

    private static void within(Optional<Cgroup> limits, RunningProcess process) throws IOException {
        if (limits.isPresent()) {
            limits.get().take(process.tree());
        }
    }

    private RunningProcess fresh(Launch launch, String why, Runnable died, long began) throws IOException {
        RunningProcess process = pod.wire().start(launch, died);
        record(false, why, began);
        return process;
    }

    private void record(boolean spare, String why, long began) {
        parts.starts()
                .add(new ProcessStart(
                        parts.clock().instant(),
                        pod.spec().resource().namespace(),
                        pod.spec().resource().name(),
                        pod.spec().resource().labels(),
                        spare,
                        why,
                        TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - began)));
    }
}
