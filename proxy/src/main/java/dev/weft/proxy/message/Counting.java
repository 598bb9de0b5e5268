package dev.weft.proxy.message;

import dev.weft.http.transport.Closure;
import dev.weft.http.transport.Connection;
import dev.weft.model.outcome.Hop;
import dev.weft.model.outcome.LiveConnection;
import dev.weft.model.outcome.OutcomeListener;
import dev.weft.model.traffic.Endpoint;
import dev.weft.model.traffic.ServicePort;
import dev.weft.model.workload.Workload;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells a listener of connections: that they are there, and how they ended. One object for each of them. */
public final class Counting {

    private static final Logger LOG = LoggerFactory.getLogger(Counting.class);

    private Counting() {}

    /** A client's connection, once, however many handlers it will have. */
    public static void accepted(OutcomeListener listener, Connection connection, Hop hop, Workload reporter) {
        if (!connection.watched()) {
            begin(
                    listener,
                    connection,
                    hop,
                    reporter,
                    LiveConnection.Side.ACCEPTED,
                    Optional.empty(),
                    Optional.empty());
        }
    }

    /** One that was made to an endpoint. */
    public static void made(
            OutcomeListener listener,
            Connection connection,
            Hop hop,
            Workload reporter,
            Endpoint endpoint,
            Optional<ServicePort> service) {
        begin(listener, connection, hop, reporter, LiveConnection.Side.MADE, Optional.of(endpoint), service);
    }

    private static void begin(
            OutcomeListener listener,
            Connection connection,
            Hop hop,
            Workload reporter,
            LiveConnection.Side side,
            Optional<Endpoint> endpoint,
            Optional<ServicePort> service) {
        LiveConnection live = new LiveConnection(
                hop,
                reporter,
                side,
                Handshake.peer(connection),
                endpoint,
                service,
                connection::bytesRead,
                connection::bytesWritten);
        connection.whenGone(closure -> tell(() -> listener.closed(live, end(closure))));
        tell(() -> listener.opened(live));
    }

    private static void tell(Runnable news) {
        try {
            news.run();
        } catch (RuntimeException e) {
            LOG.error("a listener failed on a connection", e); // the connection itself is well
        }
    }

    private static LiveConnection.End end(Closure closure) {
        return closure.orderly()
                ? new LiveConnection.End(true, "")
                : new LiveConnection.End(false, errno(closure.detail().toLowerCase(Locale.ROOT)));
    }

    /** The kernel's word is all that comes up from there. */
    private static String errno(String detail) {
        if (detail.contains("connection reset")) {
            return "ECONNRESET";
        }
        if (detail.contains("broken pipe")) {
            return "EPIPE";
        }
        return detail.contains("timed out") ? "ETIMEDOUT" : "";
    }
}
