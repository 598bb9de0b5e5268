package dev.weft.runtime.pod;

import dev.weft.runtime.process.RunningProcess;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waiting for the ends of processes; their exit codes. */
final class Exits {

    private Exits() {}

    /** However long the kernel takes with what is killed: what lives is never said to have ended. */
    static int await(RunningProcess process) throws InterruptedException {
        try {
            return process.exit().get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("waiting for a process cannot fail", e);
        }
    }

    /** Empty when it still runs after that time. */
    static Optional<Integer> await(RunningProcess process, Duration patience) throws InterruptedException {
        try {
            return Optional.of(process.exit().get(patience.toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new IllegalStateException("waiting for a process cannot fail", e);
        }
    }
}
