package dev.weft.model.outcome;

import dev.weft.model.traffic.Endpoint;
import dev.weft.model.traffic.ServicePort;
import dev.weft.model.workload.Workload;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * One connection that a proxy has, whatever it carries. Two are equal only when they are the same.
 *
 * @param reporter whose proxy this is, as in {@link Outcome}
 * @param peer the other end
 * @param endpoint that it was made to; empty for one that was accepted
 * @param service that it was made for; empty where it may carry requests to several
 * @param bytesRead that came from the peer so far; safe from any thread
 * @param bytesWritten likewise for it
 */
public record LiveConnection(
        Hop hop,
        Workload reporter,
        Side side,
        Peer peer,
        Optional<Endpoint> endpoint,
        Optional<ServicePort> service,
        LongSupplier bytesRead,
        LongSupplier bytesWritten) {

    public enum Side {
        /** The peer is the client. */
        ACCEPTED,
        /** The peer is the server. */
        MADE
    }

    /**
     * How it ended.
     *
     * @param well whether one side closed it as sides do
     * @param errno of a connection that broke, by its POSIX name; empty where it is not known
     */
    public record End(boolean well, String errno) {}
}
