package dev.weft.runtime.pod;

import java.time.Instant;
import java.util.Optional;

/**
 * Where a pod stands; replaced as a whole at every step of its life.
 *
 * @param last how the run before this one ended
 * @param started whether its start-up probe, if any, has succeeded in this run
 * @param unreadyBecause the readiness probe's last failure, empty if there was none
 * @param pid the program's process, 0 when none runs
 */
record PodState(
        Container container,
        Optional<Container.Terminated> last,
        int restarts,
        boolean started,
        boolean ready,
        Instant readySince,
        String unreadyBecause,
        Instant startTime,
        String address,
        long pid) {

    /** What the container does. */
    sealed interface Container {
        record Waiting(String reason, String message) implements Container {}

        record Running(Instant startedAt) implements Container {}

        record Terminated(int exitCode, String reason, String message, Instant startedAt, Instant finishedAt)
                implements Container {}
    }

    static PodState begin(Instant now, int restarts) {
        return new PodState(
                new Container.Waiting("ContainerCreating", ""),
                Optional.empty(),
                restarts,
                false,
                false,
                now,
                "",
                now,
                "",
                0);
    }

    PodState waiting(String reason, String message) {
        return with(new Container.Waiting(reason, message), last, restarts, 0);
    }

    PodState running(Instant now, long process) {
        return with(new Container.Running(now), last, restarts, process);
    }

    PodState terminated(Container.Terminated end) {
        return with(end, last, restarts, 0)
                .readiness(false, end.finishedAt(), "")
                .startup(false);
    }

    /** The next run begins; the one that ended becomes the last. */
    PodState restarting(Container.Terminated end) {
        return with(container, Optional.of(end), restarts + 1, 0);
    }

    PodState at(String podAddress) {
        return new PodState(
                container, last, restarts, started, ready, readySince, unreadyBecause, startTime, podAddress, pid);
    }

    PodState startup(boolean isStarted) {
        return new PodState(
                container, last, restarts, isStarted, ready, readySince, unreadyBecause, startTime, address, pid);
    }

    PodState readiness(boolean isReady, Instant now, String because) {
        Instant since = isReady == ready ? readySince : now;
        return new PodState(container, last, restarts, started, isReady, since, because, startTime, address, pid);
    }

    PodState withPid(long process) {
        return with(container, last, restarts, process);
    }

    private PodState with(Container now, Optional<Container.Terminated> before, int count, long process) {
        return new PodState(
                now, before, count, started, ready, readySince, unreadyBecause, startTime, address, process);
    }
}
