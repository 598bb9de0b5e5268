package dev.weft.cli.platform;

import dev.weft.control.status.VerdictWriter;
import dev.weft.model.problem.Problem;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the resources that ask for ports of this machine, by events, that the proxy cannot open them: somebody else has them.
 * Owner: one virtual thread, which looks as often as the proxy tries again.
 */
final class UnopenedPorts implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(UnopenedPorts.class);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private final Supplier<List<Problem>> found;
    private final VerdictWriter writer;
    private final Thread thread;

    /** @param found what the proxy cannot open now */
    UnopenedPorts(Supplier<List<Problem>> found, VerdictWriter writer) {
        this.found = found;
        this.writer = writer;
        this.thread = Thread.ofVirtual().name("unopened-ports").start(this::look);
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    private void look() {
        Set<Problem> told = Set.of();
        try {
            while (true) {
                told = lookSafely(told);
                Thread.sleep(LOOK_EVERY);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns what is told now. */
    private Set<Problem> lookSafely(Set<Problem> told) {
        Set<Problem> now = new HashSet<>();
        try {
            for (Problem problem : found.get()) {
                now.add(problem);
                if (!told.contains(problem)) {
                    writer.writeEvent(problem);
                }
            }
        } catch (RuntimeException e) { // the next look is due all the same
            LOG.warn("ports that cannot be opened were not told", e);
        }
        return now;
    }
}
