package dev.weft.proxy.exchange;

import dev.weft.http.h2.ErrorType;
import dev.weft.http.transport.Connection;
import dev.weft.proxy.message.Sink;
import dev.weft.proxy.relay.StreamRelay;

/**
 * The one who asked, as an {@link Exchange} sees him: a connection while it has one request, or one stream of many. Takes the
 * answer: interim heads, one head, the body. Heads are in HTTP/1.1 form whatever the client speaks.
 */
public interface Client extends Sink {

    Caller caller();

    /** Whether this is nobody: a copy of a request, whose end nobody is told. */
    default boolean silent() {
        return false;
    }

    /** Whether bodies come and go as data, and the connection outlives any one of its requests (HTTP/2). */
    boolean multiplexed();

    /** Whether this connection should not be used for another request. */
    boolean isLeaving();

    /** Whether the answer may go on; while not, whoever feeds it should stop. */
    boolean writable();

    /** When the {@link Exchange} is to hear of it, on {@link System#nanoTime()}; 0 for never. */
    void deadline(long nanos);

    /** Takes more of the request, or not: what the exchange holds back may have changed. */
    void updateReading();

    /** A head before the answer's. */
    void interim(byte[] bytes, int from, int to);

    /** The answer's head; {@code last} when no body follows. */
    void head(byte[] bytes, int from, int to, boolean last);

    /** The answer was written whole; {@code again} when the client's connection can take another request. */
    void exchangeEnded(boolean again);

    /**
     * What somebody else takes over.
     *
     * @param rest what came after the request under way
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
    record Handed(Connection connection, byte[] rest) {}

    /** The connection is somebody else's from now on; for a client that is not multiplexed alone. */
    default Handed handOver() {
        throw new IllegalStateException("it shares its connection");
    }

    /** Its stream, for whoever takes that over; of a client that is multiplexed alone. */
    default StreamRelay.Stream stream() {
        throw new IllegalStateException("it has a connection of its own");
    }

    /**
     * The answer cannot be begun or finished: the client must not take what it has for the whole.
     *
     * @param code what a client on a stream is told
     */
    void cutOff(ErrorType code);
}
