package dev.weft.proxy.carrier;

import dev.weft.http.h2.ErrorType;
import dev.weft.http.transport.Closure;
import dev.weft.http.transport.Received;

/** Who is carried: one try of a request, which hears of its {@link Carrier} and of the answer. */
public interface Carried {

    /** The carrier stands; {@code reused} when its connection has served a request before. */
    void opened(boolean reused);

    /** Bytes of an answer in HTTP/1.1. */
    void received(Received bytes);

    /** A head of the answer, in HTTP/1.1 form; {@code last} when nothing follows. */
    void head(byte[] bytes, int from, int to, boolean last);

    /** A part of the answer's body. */
    void data(byte[] bytes, int from, int to, boolean last);

    /** The lines that end the answer's body. */
    void trailers(byte[] lines, int from, int to);

    /** The endpoint did not look at the request. */
    void refused();

    /** The endpoint ended the stream early. */
    void reset(ErrorType code);

    /** The endpoint broke the protocol on the stream, so that it was ended here. */
    void violated(ErrorType code);

    /** More of the request may go, or not. */
    void writabilityChanged();

    /** The carrier is gone, or never came to be. */
    void closed(Closure closure);

    /** How long its connection may wait for the next request. */
    long idleConnectionNanos();
}
