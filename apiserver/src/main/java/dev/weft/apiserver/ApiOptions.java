package dev.weft.apiserver;

import dev.weft.apiserver.figures.UsageFigures;
import dev.weft.apiserver.rest.PodLogs;
import dev.weft.apiserver.stream.PodAccess;
import java.nio.file.Path;
import java.time.InstantSource;

/**
 * How to run the API.
 *
 * @param dataDirectory where {@code kubeconfig} and {@code api/} (certificates, token) are kept
 * @param address to listen on; anything but loopback is the caller's explicit wish
 * @param port 0 for a free one
 * @param logs where the logs of pods come from
 * @param pods where commands run in pods and their ports are reached
 * @param usage what pods and this machine use
 */
public record ApiOptions(
        Path dataDirectory,
        String address,
        int port,
        PodLogs logs,
        PodAccess pods,
        UsageFigures usage,
        InstantSource clock) {

    static final String LOOPBACK = "127.0.0.1";

    /** Loopback only, system clock. */
    public static ApiOptions on(Path dataDirectory, int port, PodLogs logs, PodAccess pods, UsageFigures usage) {
        return new ApiOptions(dataDirectory, LOOPBACK, port, logs, pods, usage, InstantSource.system());
    }
}
