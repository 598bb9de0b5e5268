package dev.weft.proxy.balance;

import dev.weft.model.traffic.Endpoint;
import java.util.concurrent.atomic.AtomicInteger;

/** How many requests one endpoint has, from all loops: the one compare-and-set word that makes its limit hard. */
final class EndpointSlots {

    private final Endpoint endpoint;
    private final AtomicInteger taken = new AtomicInteger();

    EndpointSlots(Endpoint endpoint) {
        this.endpoint = endpoint;
    }

    Endpoint endpoint() {
        return endpoint;
    }

    int taken() {
        return taken.get();
    }

    boolean acquire(int expected) {
        return taken.compareAndSet(expected, expected + 1);
    }

    void release() {
        taken.decrementAndGet();
    }
}
