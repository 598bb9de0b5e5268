package dev.weft.proxy.message;

import dev.weft.http.transport.Received;

/**
 * Takes a body. Where the body comes with its HTTP/1.1 framing, all its bytes are written and nothing else is called. Where
 * it comes as data, it ends with one of: a write that says so, {@link #trailers}, {@link #end}.
 */
public interface Sink {

    void write(byte[] bytes, int from, int to, boolean last);

    void write(Received bytes, int from, int to, boolean last);

    /** The fields after the data, as lines that each end in CR LF; with them the body ends. */
    void trailers(byte[] lines, int from, int to);

    /** There is no more. */
    void end();
}
