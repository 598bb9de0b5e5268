package dev.weft.runtime.process;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** How a program is kept apart from other processes, and how everything it started is ended with it. */
public sealed interface Isolation permits PidNamespace, ProcessGroup {

    /** One line for people: what runs. */
    String description();

    /** Whether no descendant can outlive the platform, whatever the platform dies of, by the kernel's own promise. */
    boolean keptByKernel();

    /**
     * The command that runs {@code command} so.
     *
     * @param account as whom; empty for the platform's own
     * @param reads whether it gets what is written after its environment
     */
    List<String> wrap(Optional<Account> account, List<String> command, boolean reads);

    /**
     * What stands in front of a command to run it beside a program, in all namespaces of that.
     *
     * @param network whether the program has network, host name and message queues of its own
     * @param account as whom; empty for the platform's own
     * @throws IOException when there is no such program any more
     */
    List<String> beside(Process program, boolean network, Optional<Account> account) throws IOException;

    /** Ends a command that was started so, and what it has started, at once. */
    void killBeside(Process command);

    /** What the pod's init has started, the program first; empty before it has. */
    Stream<ProcessHandle> programs(Process process);

    /** Sends SIGTERM to the program. */
    void terminate(Process process);

    /** Ends the program and everything that it started, at once. */
    void kill(Process process);
}
