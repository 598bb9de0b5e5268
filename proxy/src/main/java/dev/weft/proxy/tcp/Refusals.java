package dev.weft.proxy.tcp;

import dev.weft.http.transport.Closure;
import dev.weft.http.transport.Connection;
import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.outcome.Peer;
import dev.weft.model.outcome.RefusedConnection;
import dev.weft.proxy.exchange.Entrance;
import dev.weft.proxy.exchange.Worker;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says that a connection was refused: to the listener of outcomes each time, to the log once a second at most, so that
 * whoever knocks often does not fill it. The time of the last line is one compare-and-set word for all loops.
 */
final class Refusals {

    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);
    private static final long PAUSE_NANOS = Duration.ofSeconds(1).toNanos();
    private static final AtomicLong NEXT_LINE = new AtomicLong(System.nanoTime());

    private Refusals() {}

    /** Nothing to tell when the client went away by itself. */
    static void handshake(Worker worker, Entrance entrance, Connection client, Closure closure, ErrorCode error) {
        switch (closure.kind()) {
            case TLS, NOT_IN_TIME -> tell(worker, entrance, client, error, closure.detail());
            case HERE, PEER, NOT_CONNECTED, BUG -> {}
        }
    }

    static void tell(Worker worker, Entrance entrance, Connection client, ErrorCode error, String detail) {
        Peer peer = Line.peer(client);
        try {
            worker.outcomes()
                    .refused(new RefusedConnection(
                            entrance.hop(), entrance.reporter(), entrance.name(), peer, error, detail));
        } catch (RuntimeException e) {
            LOG.error("a listener failed on a refused connection", e);
        }
        long now = System.nanoTime();
        long next = NEXT_LINE.get();
        if (now - next >= 0 && NEXT_LINE.compareAndSet(next, now + PAUSE_NANOS)) {
            LOG.warn("{}: refused {}: {}: {}", entrance.name(), peer.address(), error.code(), detail);
        }
    }
}
