package dev.weft.apiserver.rest;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.Optional;

/** Where the logs of pods come from: the runtime on one machine. */
public interface PodLogs {

    /**
     * What is asked for.
     *
     * @param container empty for the only one
     * @param follow go on until the pod ends or the reader goes
     * @param previous of the instance before the last restart
     * @param tailLines only the last lines; empty for all
     * @param since nothing printed before this
     * @param timestamps begin each line with the time at which it was printed
     * @param bytesMax of the answer; empty for all
     */
    record Request(
            String namespace,
            String pod,
            String container,
            boolean follow,
            boolean previous,
            Optional<Integer> tailLines,
            Instant since,
            boolean timestamps,
            Optional<Long> bytesMax) {}

    /**
     * Writes the log, flushing what a follower is to see. Blocks while it follows; a reader that has gone shows as an
     * exception of the stream.
     *
     * @return false when there is no such pod, container or previous instance; nothing is written then
     */
    boolean copy(Request request, OutputStream out) throws IOException;
}
