package dev.weft.apiserver.stream;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What runs in pods and listens there: the runtime on one machine. */
public interface PodAccess {

    /** A command that runs beside a pod's program. Its streams block and are not for virtual threads. */
    interface Running extends AutoCloseable {

        OutputStream input();

        InputStream output();

        InputStream errors();

        void resize(int columns, int rows) throws IOException;

        /** Its exit code, on a thread that must not be held up. */
        CompletableFuture<Integer> exit();

        /** Ends it, if it still runs. */
        @Override
        void close();
    }

    /**
     * Starts a command.
     *
     * @param container empty for the pod's first
     * @throws IOException when it cannot be; the message is for people
     */
    Running execute(String namespace, String pod, String container, List<String> command, boolean terminal)
            throws IOException;

    /**
     * Connects to a port of a pod.
     *
     * @throws IOException when nothing listens there; the message is for people
     */
    Socket connect(String namespace, String pod, int port) throws IOException;
}
