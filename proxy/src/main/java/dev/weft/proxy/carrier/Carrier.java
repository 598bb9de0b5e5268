package dev.weft.proxy.carrier;

import dev.weft.http.h1.HeadWriter;
import dev.weft.http.h1.RequestHead;
import dev.weft.model.outcome.Peer;
import dev.weft.proxy.message.Sink;

/**
 * What carries one {@link Carried} to its endpoint and brings the answer back: a connection of its own for the time, or one stream
 * of many. Takes the request: a head, then the body.
 */
public interface Carrier extends Sink {

    /** The endpoint, as its handshake showed it; nobody before the connection stands. */
    Peer peer();

    /** Whether bodies come and go as data (HTTP/2). */
    boolean multiplexed();

    /** Sends a request's head, with the edits. */
    void head(RequestHead head, HeadWriter edits, Following following);

    /** Whether more of the body may come. */
    boolean writable();

    /** Takes more of the answer, or not. */
    void reading(boolean on);

    /** The answer is whole; {@code reusable} when the request is too, and nothing unexpected came. */
    void release(boolean reusable);

    /** The answer is not wanted any more. */
    void abort();
}
