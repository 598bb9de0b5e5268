package dev.weft.cli.platform;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What to end, newest first; one that fails does not keep the others from ending. */
final class Closing {

    private static final Logger LOG = LoggerFactory.getLogger(Closing.class);

    private record Step(String name, AutoCloseable part) {}

    private final Deque<Step> steps = new ArrayDeque<>();

    synchronized <T extends AutoCloseable> T add(String name, T part) {
        steps.push(new Step(name, part));
        return part;
    }

    /** True when all ended well. */
    synchronized boolean close() {
        boolean well = true;
        while (!steps.isEmpty()) {
            Step step = steps.pop();
            try {
                step.part().close();
            } catch (Exception e) { // each part ends in its own way; none may keep the next from ending
                LOG.error("{} did not end well", step.name(), e);
                well = false;
            }
        }
        return well;
    }
}
