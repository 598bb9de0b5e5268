package dev.weft.runtime.pod;

import dev.weft.runtime.process.RunningProcess;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Ends a program, with all that it started, when they hold more memory than their limit: what the kernel does in a cluster,
 * a little later and without its promise. A thread of its own looks a few times a second.
 */
final class MemoryWatch {

    private static final long LOOK_MILLIS = 250;

    private final RunningProcess process;
    private final long bytesMax;
    private volatile boolean exceeded;

    private MemoryWatch(RunningProcess process, long bytesMax) {
        this.process = process;
        this.bytesMax = bytesMax;
    }

    /** @param bytesMax 0 for no limit */
    static MemoryWatch over(RunningProcess process, long bytesMax) {
        MemoryWatch watch = new MemoryWatch(process, bytesMax);
        if (bytesMax > 0) {
            Thread.ofVirtual().name("memory-" + process.pid()).start(watch::look);
        }
        return watch;
    }

    /** Whether it has ended the program. */
    boolean exceeded() {
        return exceeded;
    }

    private void look() {
        try {
            while (!exceeded && !ended()) {
                if (process.memoryBytes() > bytesMax) {
                    exceeded = true;
                    process.kill();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException("waiting for a process cannot fail", e);
        }
    }

    private boolean ended() throws InterruptedException, ExecutionException {
        try {
            var _ = process.exit().get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }
}
