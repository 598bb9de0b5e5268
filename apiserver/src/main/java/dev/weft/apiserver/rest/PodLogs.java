package dev.weft.apiserver.rest;

import java.io.IOException;
import java.io.OutputStream;
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
     */
    record Request(
            String namespace,
            String pod,
            String container,
            boolean follow,
            boolean previous,
            Optional<Integer> tailLines) {}

    /**
     * Writes the log, flushing what a follower is to see. Blocks while it follows; a reader that has gone shows as an
     * exception of the stream.
     *
     * @return false when there is no such pod, container or previous instance; nothing is written then
     */
    boolean copy(Request request, OutputStream out) throws IOException;
}
