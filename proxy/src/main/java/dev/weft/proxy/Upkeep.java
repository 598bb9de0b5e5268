package dev.weft.proxy;

import dev.weft.model.policy.ClientLimits;
import dev.weft.proxy.exchange.Worker;
import dev.weft.proxy.limit.Pressure;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What goes by the clock and not by a snapshot. Owner: the proxy's control thread, which looks once a second. */
final class Upkeep {

    private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);

    /** BoringSSL by itself makes new keys for tickets every two days. */
    private static final Duration TICKETS_LAST = Duration.ofHours(12);

    private final Listeners listeners;
    private final List<Worker> workers;
    private final HeapWatch heap = HeapWatch.ofJvm();
    private Pressure pressure = Pressure.NONE;
    private long ticketsSince = System.nanoTime();

    Upkeep(Listeners listeners, List<Worker> workers) {
        this.listeners = listeners;
        this.workers = workers;
    }

    void look(ClientLimits.Heap limits) {
        expire(System.currentTimeMillis());
        heap.look(limits).ifPresent(this::press);
        lookAtTickets(System.nanoTime());
    }

    /** Replaces their keys when they have lasted long enough by then, on {@link System#nanoTime()}. */
    void lookAtTickets(long now) {
        if (now - ticketsSince >= TICKETS_LAST.toNanos()) {
            ticketsSince = now;
            rotateTickets();
        }
    }

    /** Lets go of the clients whose certificates have ended by then. */
    void expire(long nowMillis) {
        listeners.expire(nowMillis);
    }

    /** At once, whether it is time or not. */
    void rotateTickets() {
        listeners.rotateTickets();
    }

    /** Memory is so short from now on: every loop acts on it at its next turn. */
    void press(Pressure now) {
        if (now != pressure) {
            pressure = now;
            tell(now);
        }
        workers.forEach(worker -> worker.loop().execute(() -> worker.press(now)));
    }

    private static void tell(Pressure now) {
        switch (now) {
            case NONE -> LOG.info("memory is enough again");
            case CACHES -> LOG.warn("memory is short: what was kept for later is dropped");
            case REQUESTS -> LOG.warn("memory is nearly all in use: new requests from outside are refused");
        }
    }
}
