package dev.weft.runtime.process;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends programs, with all that they started, when they hold more memory than their limit: what the kernel does in a cluster, a
 * little later and without its promise. One thread looks at all of them four times a second; it lists the machine's processes
 * once for all, and counts exactly only what seems too much.
 */
public final class MemoryWatcher implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(MemoryWatcher.class);
    private static final long LOOK_MILLIS = 250;

    private final Set<Watch> watches = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService looks = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("weft-memory").daemon(true).factory());

    public MemoryWatcher() {
        var _ = looks.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** One program that is looked at until it ends. */
    public static final class Watch {

        private final RunningProcess process;
        private final long bytesMax;
        private volatile boolean exceeded;

        private Watch(RunningProcess process, long bytesMax) {
            this.process = process;
            this.bytesMax = bytesMax;
        }

        /** Whether it has been ended. */
        public boolean exceeded() {
            return exceeded;
        }
    }

    /**
     * Looks at a program from now on.
     *
     * @param bytesMax 0 for no limit
     */
    public Watch over(RunningProcess process, long bytesMax) {
        Watch watch = new Watch(process, bytesMax);
        if (bytesMax > 0) {
            watches.add(watch);
            var _ = process.exit().whenComplete((_, _) -> watches.remove(watch));
        }
        return watch;
    }

    private void look() {
        if (watches.isEmpty()) {
            return;
        }
        try {
            ProcessTrees trees = ProcessTrees.now();
            watches.forEach(watch -> look(watch, trees));
        } catch (RuntimeException e) { // the next look is due all the same
            LOG.warn("memory was not looked at", e);
        }
    }

    private static void look(Watch watch, ProcessTrees trees) {
        List<Long> tree = trees.from(watch.process.pid());
        if (!watch.process.alive()) {
            return;
        }
        if (MemoryUse.atMost(tree) > watch.bytesMax && MemoryUse.exactly(tree) > watch.bytesMax) {
            watch.exceeded = true;
            watch.process.kill();
        }
    }

    /** Nobody is looked at any more. */
    @Override
    public void close() {
        looks.shutdownNow();
    }
}
