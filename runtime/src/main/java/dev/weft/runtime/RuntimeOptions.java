package dev.weft.runtime;

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
 */
public record RuntimeOptions(
        Path dataDirectory,
        Path baseDirectory,
        Path javaHome,
        Path functionHost,
        int outboundPort,
        int inboundPort,
        Duration drain,
        long logBytesMax) {

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
                10 << 20);
    }
}
