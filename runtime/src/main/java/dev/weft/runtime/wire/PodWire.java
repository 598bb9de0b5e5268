package dev.weft.runtime.wire;

import dev.weft.model.traffic.ServicePort;
import dev.weft.model.workload.Instance;
import dev.weft.runtime.namespace.MemoryFolder;
import dev.weft.runtime.process.RunningProcess;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The wire of one pod. */
public interface PodWire extends AutoCloseable {

    /** The pod's own address, {@code status.podIP}. */
    String address();

    /** Where the node's proxy listens for the pod, as this machine reaches it; the pod's own address where that can be. */
    String nodeAddress();

    /** A socket, not connected yet, from which the node reaches the pod's program. */
    Socket socket() throws IOException;

    /** Where the pod's outgoing calls enter the mesh, on {@link #nodeAddress()}. */
    int outboundPort();

    /**
     * The pod's ports for one run of its program; where the program has to listen may differ from run to run, so it is
     * asked for before each start.
     */
    List<Instance.Port> assignPorts();

    /** Ways out to these service ports for one run; none where programs reach services by their own addresses. */
    List<Instance.Outlet> assignOutlets(List<ServicePort> wanted);

    /** What the program must be told to find its port and the mesh. */
    Map<String, String> environment(List<Instance.Port> ports);

    /**
     * Starts a program of the pod on this wire.
     *
     * @param died called first of all when it has ended, on a thread that must not be held up
     */
    RunningProcess start(Launch launch, Runnable died) throws IOException;

    /** The same for a program that needs nothing shown. */
    default RunningProcess start(List<String> command, Map<String, String> environment, Path directory, Runnable died)
            throws IOException {
        return start(
                new Launch("main", command, environment, directory, List.of(), List.of(), List.of(), Optional.empty()),
                died);
    }

    /**
     * Makes a program that was parked on this wire what would have been launched: it sees the same, and is told the message.
     *
     * @throws IOException when it cannot be done, or the program has ended; it is of no use any more then
     */
    default void become(RunningProcess parked, Launch launch, RunningProcess.Message message) throws IOException {
        throw new IOException("nothing is parked on this wire");
    }

    /** Whether a program sees what is shown where it shall be; else it sees this machine's files alone. */
    boolean shows();

    /** Makes a folder of this machine's one in memory for the pod's programs, where that can be; else nothing happens. */
    void memory(MemoryFolder folder) throws IOException;

    /** Gives the address and the ports back; the program has ended. */
    @Override
    void close();
}
