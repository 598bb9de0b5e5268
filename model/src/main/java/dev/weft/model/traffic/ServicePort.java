package dev.weft.model.traffic;

import dev.weft.model.workload.ServiceName;

/**
 * One port of one service: what a backend names and an endpoint group serves.
 *
 * @param port the service's port, 1 to 65535
 */
public record ServicePort(ServiceName service, int port) {

    /** {@code namespace/name:port}; {@link #parse} reads it back. */
    @Override
    public String toString() {
        return service + ":" + port;
    }

    /** Reads {@link #toString()} back. */
    public static ServicePort parse(String text) {
        int slash = text.indexOf('/');
        int colon = text.lastIndexOf(':');
        if (slash < 1 || colon < slash) {
            throw new IllegalArgumentException("service port: \"" + text + "\" (expected: namespace/name:port)");
        }
        return new ServicePort(
                new ServiceName(text.substring(0, slash), text.substring(slash + 1, colon)),
                Integer.parseInt(text.substring(colon + 1)));
    }
}
