package dev.weft.proxy.server;

import dev.weft.http.h2.ErrorType;
import dev.weft.http.transport.Closure;
import dev.weft.http.transport.Received;
import dev.weft.model.outcome.ErrorCode;
import dev.weft.proxy.exchange.Caller;
import dev.weft.proxy.exchange.Client;
import dev.weft.proxy.exchange.Exchange;
import dev.weft.proxy.relay.StreamRelay;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One request of a {@link ServerSession}. What the exchange holds back of it is not given back to the session, so that the
 * client's window for this stream closes and those of the others do not. Owner: the session's loop.
 */
final class ServerStream implements Client, StreamRelay.Stream {

    private static final byte[] NOTHING = {};

    private final ServerSession connection;
    private final int number;
    private @Nullable Exchange exchange;
    private @Nullable StreamRelay relay;
    private byte[] early = NOTHING;
    private int held;
    private boolean whole;
    private long deadline;

    ServerStream(ServerSession connection, int number) {
        this.connection = connection;
        this.number = number;
    }

    int number() {
        return number;
    }

    /** The request's head came in. */
    void begin(byte[] bytes, int from, int to, boolean last) {
        whole = last;
        Exchange begun = connection.worker().obtain(this);
        exchange = begun;
        begun.incoming().append(bytes, from, to);
        var _ = begun.incoming().parse();
        begun.incoming().proceedStream(last);
    }

    /** A head came in that is too large to be shown. */
    void refuse(boolean last) {
        whole = last;
        Exchange begun = connection.worker().obtain(this);
        exchange = begun;
        begun.incoming().refuseUnread(last);
    }

    void data(byte[] bytes, int from, int to, boolean last) {
        held += to - from;
        whole = last;
        Exchange current = exchange;
        if (relay != null) {
            relay.data(bytes, from, to, last);
        } else if (current != null && current.asksToSwitch()) {
            keep(bytes, from, to);
        } else if (current != null) {
            current.incoming().data(bytes, from, to, last);
        }
        updateReading();
    }

    /** Said before the switch; the stream's window bounds it. */
    private void keep(byte[] bytes, int from, int to) {
        int before = early.length;
        early = Arrays.copyOf(early, before + to - from);
        System.arraycopy(bytes, from, early, before, to - from);
    }

    void requestTrailers(byte[] lines, int from, int to) {
        whole = true;
        Exchange current = exchange;
        if (relay != null) {
            relay.data(NOTHING, 0, 0, true);
        } else if (current != null) {
            current.incoming().trailers(lines, from, to);
        }
    }

    /** The client reset it, or the connection is gone. */
    void gone(Closure closure) {
        Exchange current = exchange;
        exchange = null;
        if (relay != null) {
            relay.clientGone(closure.detail());
        } else if (current != null) {
            current.clientGone(closure);
        }
    }

    /** Something failed that nobody expected. */
    void broken(String detail) {
        Exchange current = exchange;
        if (relay != null) {
            relay.broken(detail);
        } else if (current != null) {
            current.giveUp(ErrorCode.INTERNAL, detail);
        }
    }

    /** Whoever asks is trusted no more; a relay hears of it as one of the open streams. */
    void distrust(String reason) {
        Exchange current = exchange;
        if (relay == null && current != null) {
            current.giveUp(ErrorCode.TRUST_ENDED, reason);
        }
    }

    void writabilityChanged() {
        Exchange current = exchange;
        if (relay != null) {
            relay.clientWritable();
        } else if (current != null) {
            current.answerWritable(writable());
        }
    }

    long deadline() {
        return deadline;
    }

    void timedOut() {
        deadline = 0;
        Exchange current = exchange;
        if (current != null) {
            current.timedOut();
        }
    }

    @Override
    public Caller caller() {
        return connection.caller();
    }

    @Override
    public boolean multiplexed() {
        return true;
    }

    @Override
    public boolean isLeaving() {
        return connection.isLeaving();
    }

    @Override
    public boolean writable() {
        return connection.session().writable(number) && connection.writable();
    }

    @Override
    public void deadline(long nanos) {
        deadline = nanos;
        connection.watch(nanos);
    }

    @Override
    public void updateReading() {
        Exchange current = exchange;
        if (held > 0 && !holdsBack(current)) {
            int passed = held;
            held = 0;
            connection.session().consumed(number, passed);
        }
    }

    private boolean holdsBack(@Nullable Exchange current) {
        if (relay != null) {
            return !relay.takesMore();
        }
        return current != null && (early.length > 0 || current.incoming().holdsBack());
    }

    @Override
    public StreamRelay.Stream stream() {
        return this;
    }

    @Override
    public void handOver(StreamRelay next) {
        exchange = null;
        deadline = 0;
        relay = next;
        byte[] first = early;
        early = NOTHING;
        if (first.length > 0 || whole) {
            next.data(first, 0, first.length, whole);
        }
        updateReading();
    }

    @Override
    public void done() {
        over();
    }

    @Override
    public void interim(byte[] bytes, int from, int to) {
        connection.session().head(number, bytes, from, to, false);
    }

    @Override
    public void head(byte[] bytes, int from, int to, boolean last) {
        connection.session().head(number, bytes, from, to, last);
    }

    @Override
    public void write(byte[] bytes, int from, int to, boolean last) {
        connection.session().data(number, bytes, from, to, last);
    }

    @Override
    public void write(Received bytes, int from, int to, boolean last) {
        byte[] scratch = connection.worker().loop().scratch();
        for (int at = from; at < to; ) {
            int next = Math.min(to, at + scratch.length);
            bytes.copy(at, next, scratch, 0);
            connection.session().data(number, scratch, 0, next - at, last && next == to);
            at = next;
        }
    }

    @Override
    public void trailers(byte[] lines, int from, int to) {
        connection.session().trailers(number, lines, from, to);
    }

    @Override
    public void end() {
        connection.session().data(number, NOTHING, 0, 0, true);
    }

    @Override
    public void exchangeEnded(boolean again) {
        over();
        if (!whole) {
            connection.linger(number);
        }
    }

    @Override
    public void cutOff(ErrorType code) {
        over();
        connection.session().reset(number, code);
    }

    private void over() {
        exchange = null;
        relay = null;
        early = NOTHING;
        updateReading();
        connection.ended(this);
    }
}
