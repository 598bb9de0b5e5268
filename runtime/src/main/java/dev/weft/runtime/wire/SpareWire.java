package dev.weft.runtime.wire;

import dev.weft.runtime.process.RunningProcess;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** A wire on which a program is parked until a pod takes both. */
public interface SpareWire extends AutoCloseable {

    /** What a program on it is told before there is a pod. */
    Map<String, String> environment();

    /**
     * Starts a program that waits for a message.
     *
     * @param died called first of all when it has ended, on a thread that must not be held up
     */
    RunningProcess park(List<String> command, Map<String, String> environment, Runnable died) throws IOException;

    /** Makes it the wire of a pod, who closes it from now on. */
    PodWire connect(String namespace, String pod, List<DeclaredPort> ports) throws IOException;

    /** Gives back what it has; the program has ended, and no pod took it. */
    @Override
    void close();
}
