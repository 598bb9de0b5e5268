package dev.weft.runtime.pod;

import java.time.Instant;
import java.util.Optional;

/**
 * Where a container stands; replaced as a whole at every step of its life.
 *
 * @param last how the run before this one ended
 * @param started whether its start-up probe, if any, has succeeded in this run
 * @param unreadyBecause the readiness probe's last failure, empty if there was none
 * @param pid the program's process, 0 when none runs
 */
record ContainerState(
        Container container,
        Optional<Container.Terminated> last,
        int restarts,
        boolean started,
        boolean ready,
        Instant readySince,
        String unreadyBecause,
        long pid) {

    /** What the container does. */
    sealed interface Container {
        record Waiting(String reason, String message) implements Container {}

        record Running(Instant startedAt) implements Container {}

        record Terminated(int exitCode, String reason, String message, Instant startedAt, Instant finishedAt)
                implements Container {}
    }

    static ContainerState begin(String waitingFor, Instant now, int restarts) {
        return new ContainerState(
                new Container.Waiting(waitingFor, ""), Optional.empty(), restarts, false, false, now, "", 0);
    }

    /** Whether it runs or has run. */
    boolean hasRun() {
        return last.isPresent() || !(container instanceof Container.Waiting);
    }

    /** Whether it has ended well. */
    boolean completed() {
        return container instanceof Container.Terminated end && end.exitCode() == 0;
    }

    /** Of its end; 0 while it has none. */
    int exitCode() {
        return container instanceof Container.Terminated end ? end.exitCode() : 0;
    }

    ContainerState waiting(String reason, String message) {
        return with(new Container.Waiting(reason, message), last, restarts, 0);
    }

    ContainerState running(Instant now, long process) {
        return with(new Container.Running(now), last, restarts, process);
    }

    ContainerState terminated(Container.Terminated end) {
        return with(end, last, restarts, 0)
                .readiness(false, end.finishedAt(), "")
                .startup(false);
    }

    /** The next run begins; the one that ended becomes the last. */
    ContainerState restarting(Container.Terminated end) {
        return with(container, Optional.of(end), restarts + 1, 0);
    }

    ContainerState startup(boolean isStarted) {
        return new ContainerState(container, last, restarts, isStarted, ready, readySince, unreadyBecause, pid);
    }

    ContainerState readiness(boolean isReady, Instant now, String because) {
        Instant since = isReady == ready ? readySince : now;
        return new ContainerState(container, last, restarts, started, isReady, since, because, pid);
    }

    ContainerState withPid(long process) {
        return with(container, last, restarts, process);
    }

    private ContainerState with(Container now, Optional<Container.Terminated> before, int count, long process) {
        return new ContainerState(now, before, count, started, ready, readySince, unreadyBecause, process);
    }
}
