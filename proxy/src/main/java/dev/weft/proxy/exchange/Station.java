package dev.weft.proxy.exchange;

/**
 * One step on the way of a request that looks at its head alone: it goes on, or it answers. It keeps no state of its own
 * for a request; whatever it found is written into the exchange.
 */
public interface Station {

    /** Called once for each request, on its loop; false when it {@link Exchange#refuse refused} or answered. */
    boolean pass(Exchange exchange);
}
