package dev.weft.http.transport;

/**
 * Joint to a network beside this process's own: a network namespace of the kernel. A socket stays in the network of the
 * thread that made it; where it is connected and read does not matter.
 */
public interface Network {

    /**
     * Runs something that makes a socket, soon, on a thread inside this network that must not be held up and must not
     * start threads. From any thread; false when the network is gone.
     */
    boolean execute(Runnable maker);
}
