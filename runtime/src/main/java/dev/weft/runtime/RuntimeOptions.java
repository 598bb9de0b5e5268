package dev.weft.runtime;

import dev.weft.runtime.spare.SpareOptions;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What differs from machine to machine and from run to run.
 *
 * @param dataDirectory logs and records of processes go below it
 * @param baseDirectory where relative paths of a LocalImage begin that came with no folder of its own
 * @param javaHome the JDK for functions and jars
 * @param functionHost the jar (or folder of classes) of the function host
 * @param outboundPort of every pod's outbound listener, on the pod's address
 * @param inboundPort of a pod's first inbound listener; further ports follow it
 * @param drain between leaving the endpoints and SIGTERM
 * @param logBytesMax of one log file; a run keeps at most two
 * @param spares JVMs that are parked for functions
 * @param machine where the machine's files begin that tell what the kernel offers: {@code /}
 */
public record RuntimeOptions(
        Path dataDirectory,
        Path baseDirectory,
        Path javaHome,
        Path functionHost,
        int outboundPort,
        int inboundPort,
        Duration drain,
        long logBytesMax,
        SpareOptions spares,
        Path machine) {

    /** The same on a machine whose files begin there. */
    RuntimeOptions on(Path root) {
        return with(spares, root);
    }

    /** The same with so many JVMs parked at most. */
    public RuntimeOptions withSpares(int max) {
        return with(SpareOptions.of(max), machine);
    }

    private RuntimeOptions with(SpareOptions otherSpares, Path otherMachine) {
        return new RuntimeOptions(
                dataDirectory,
                baseDirectory,
                javaHome,
                functionHost,
                outboundPort,
                inboundPort,
                drain,
                logBytesMax,
                otherSpares,
                otherMachine);
    }

    /** The usual options for a data directory, with the JDK that runs this. */
    public static RuntimeOptions in(Path dataDirectory) {
        return new RuntimeOptions(
                dataDirectory.toAbsolutePath().normalize(),
                Path.of("").toAbsolutePath(),
                Path.of(System.getProperty("java.home")),
                FunctionHostJar.find(),
                4140,
                4143,
                Duration.ofMillis(100),
                10 << 20,
                SpareOptions.of(SpareOptions.MAX_DEFAULT),
                Path.of("/"));
    }
}
