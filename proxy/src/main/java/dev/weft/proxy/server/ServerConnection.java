package dev.weft.proxy.server;

import dev.weft.http.h1.RequestHead;
import dev.weft.http.h2.ErrorType;
import dev.weft.http.transport.Closure;
import dev.weft.http.transport.Connection;
import dev.weft.http.transport.ConnectionHandler;
import dev.weft.http.transport.Received;
import dev.weft.http.transport.TlsSession;
import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.outcome.ProtocolVerdict;
import dev.weft.proxy.exchange.Caller;
import dev.weft.proxy.exchange.Client;
import dev.weft.proxy.exchange.Entrance;
import dev.weft.proxy.exchange.Exchange;
import dev.weft.proxy.exchange.Worker;
import dev.weft.proxy.message.Accepted;
import dev.weft.proxy.message.Counting;
import dev.weft.proxy.message.Http2;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection: reads requests one after the other, has an {@link Exchange} for the one that is under way, and
 * holds back what comes after it. Owner: its loop.
 */
public final class ServerConnection implements ConnectionHandler, Client, Accepted {

    private static final long LEAVING_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final int PENDING_STEP = 4 * 1024;

    private final Worker worker;
    private final Entrance entrance;
    private final Optional<ProtocolVerdict> found;
    private @Nullable Connection connection;
    private @Nullable Exchange exchange;
    private @Nullable Caller caller;

    /** What came after the request under way; nothing is read while there is some. */
    private byte[] pending = {};

    private int pendingFrom;
    private int pendingTo;
    /** Whether no request was read yet. */
    private boolean fresh = true;

    private boolean working;
    private boolean leaving;
    private int requests;
    /** Whether the request under way is the last that this connection may carry. */
    private boolean spent;

    /** For a connection that was or will be accepted there, and carries nothing but HTTP. */
    public ServerConnection(Worker worker, Entrance entrance) {
        this(worker, entrance, Optional.empty());
    }

    /** @param found how it was found out that it carries HTTP */
    public ServerConnection(Worker worker, Entrance entrance, Optional<ProtocolVerdict> found) {
        this.worker = worker;
        this.entrance = entrance;
        this.found = found;
    }

    @Override
    public Caller caller() {
        Caller known = caller;
        if (known == null) {
            throw new IllegalStateException("not open yet");
        }
        return known;
    }

    @Override
    public boolean multiplexed() {
        return false;
    }

    @Override
    public boolean isLeaving() {
        return leaving || spent;
    }

    @Override
    public boolean writable() {
        return connection().writable();
    }

    @Override
    public void deadline(long nanos) {
        connection().deadline(nanos);
    }

    private Connection connection() {
        Connection open = connection;
        if (open == null) {
            throw new IllegalStateException("not open yet");
        }
        return open;
    }

    @Override
    public void opened(Connection opened) {
        connection = opened;
        Counting.accepted(worker.outcomes(), opened, entrance.hop(), entrance.reporter());
        entrance.remember(worker, this);
        caller = new Caller(worker, entrance, opened, found);
        leaving = entrance.retired();
        opened.queuedBytesMax(caller().messages().queuedBytesMax());
        opened.deadline(System.nanoTime() + caller().patience().idle().toNanos());
    }

    @Override
    public void received(Received bytes) {
        Exchange current = exchange;
        if (current == null) {
            current = obtain();
            exchange = current;
        }
        if (current.incoming().hasHead()) {
            int consumed = current.incoming().body(bytes);
            holdBack(bytes, consumed);
        } else {
            int unread = readHead(current, bytes);
            holdBack(bytes, bytes.length() - unread);
        }
        work();
    }

    private Exchange obtain() {
        int most = caller().messages().requestsMax();
        spent = most > 0 && ++requests >= most;
        return worker.obtain(this);
    }

    /** How many bytes at the end were not for this request. */
    private int readHead(Exchange current, Received bytes) {
        boolean first = current.incoming().append(bytes);
        int state = current.incoming().parse();
        if (state == RequestHead.REFUSED
                && fresh
                && Http2.begins(current.incoming().bytes())) {
            becomeSession(current);
            return 0;
        }
        if (state == RequestHead.INCOMPLETE) {
            if (first) {
                awaitHead();
            }
            return 0;
        }
        fresh = false;
        return current.incoming().proceed();
    }

    /** The rest of it: from now on the client has so long, however often he sends a little. */
    private void awaitHead() {
        deadline(System.nanoTime() + caller().patience().head().toNanos());
    }

    /** The client speaks HTTP/2 (RFC 9113 section 3.3): the rest is for a session. */
    private void becomeSession(Exchange current) {
        exchange = null;
        entrance.forget(worker, this);
        byte[] first = current.incoming().bytes().copy();
        current.abandon();
        new ServerSession(worker, caller(), connection()).start(first, first.length);
    }

    private void holdBack(Received bytes, int from) {
        int length = bytes.length() - from;
        if (from < 0 || length <= 0) {
            return;
        }
        byte[] joined = new byte[pendingTo - pendingFrom + length];
        System.arraycopy(pending, pendingFrom, joined, 0, pendingTo - pendingFrom);
        bytes.copy(from, bytes.length(), joined, pendingTo - pendingFrom);
        pending = joined;
        pendingFrom = 0;
        pendingTo = joined.length;
    }

    /** Works off what was held back, as far as that is possible now. */
    private void work() {
        if (!working) {
            working = true;
            while (pendingFrom < pendingTo && exchange == null && connection().isOpen()) {
                exchange = obtain();
                workPending(exchange);
            }
            working = false;
        }
        updateReading();
    }

    private void workPending(Exchange current) {
        while (pendingFrom < pendingTo) {
            int step = Math.min(PENDING_STEP, pendingTo - pendingFrom);
            current.incoming().append(pending, pendingFrom, pendingFrom + step);
            pendingFrom += step;
            if (current.incoming().parse() != RequestHead.INCOMPLETE) {
                int unread = current.incoming().proceed();
                pendingFrom -= unread;
                break;
            }
        }
        if (exchange == current && !current.incoming().hasHead()) {
            awaitHead();
        }
        if (exchange == current && current.incoming().hasHead() && pendingFrom < pendingTo) {
            int consumed = current.incoming().body(pending, pendingFrom, pendingTo);
            pendingFrom = consumed < 0 ? pendingTo : consumed;
        }
        if (pendingFrom == pendingTo) {
            pending = new byte[0];
            pendingFrom = 0;
            pendingTo = 0;
        }
    }

    /** Not while what was read cannot be passed on. */
    @Override
    public void updateReading() {
        Exchange current = exchange;
        boolean full = current != null && (current.incoming().holdsBack() || pendingFrom < pendingTo);
        Connection open = connection;
        if (open != null && open.isOpen()) {
            open.reading(!full);
        }
    }

    @Override
    public void exchangeEnded(boolean again) {
        exchange = null;
        Connection open = connection();
        if (!again || isLeaving()) {
            open.closeAfterWrites();
            return;
        }
        open.deadline(System.nanoTime() + caller().patience().idle().toNanos());
        if (pendingFrom < pendingTo) {
            work();
        } else {
            updateReading();
        }
    }

    @Override
    public Handed handOver() {
        exchange = null;
        entrance.forget(worker, this);
        return new Handed(connection(), Arrays.copyOfRange(pending, pendingFrom, pendingTo));
    }

    @Override
    public void cutOff(ErrorType code) {
        exchange = null;
        connection().cutOff();
    }

    @Override
    public boolean expired(long nowMillis) {
        return connection().expired(nowMillis)
                || caller().outdated(worker.view().hostPolicies());
    }

    @Override
    public Optional<TlsSession> tls() {
        return connection().tls();
    }

    @Override
    public void distrust(String reason) {
        Exchange current = exchange;
        if (current != null && current.incoming().hasHead()) {
            leaving = true;
            current.giveUp(ErrorCode.TRUST_ENDED, reason);
        } else {
            connection().close();
        }
    }

    @Override
    public void leave() {
        leaving = true;
        if (exchange == null) {
            deadline(System.nanoTime() + LEAVING_NANOS);
        }
    }

    @Override
    public void interim(byte[] bytes, int from, int to) {
        connection().write(bytes, from, to);
    }

    @Override
    public void head(byte[] bytes, int from, int to, boolean last) {
        connection().write(bytes, from, to);
    }

    @Override
    public void write(byte[] bytes, int from, int to, boolean last) {
        connection().write(bytes, from, to);
    }

    @Override
    public void write(Received bytes, int from, int to, boolean last) {
        connection().write(bytes, from, to);
    }

    @Override
    public void trailers(byte[] lines, int from, int to) {
        // only a client that knows no chunks gets data alone, and it knows no trailers either
    }

    @Override
    public void end() {
        // the connection's end says so
    }

    @Override
    public void writabilityChanged() {
        Exchange current = exchange;
        if (current != null) {
            current.answerWritable(writable());
        }
    }

    @Override
    public void timedOut() {
        Exchange current = exchange;
        if (current != null && current.incoming().hasHead()) {
            current.timedOut();
            return;
        }
        if (current != null) {
            current.incoming().refuseLate(caller().patience().head());
            return;
        }
        connection().closeAfterWrites();
    }

    @Override
    public void closed(Closure closure) {
        entrance.forget(worker, this);
        Exchange current = exchange;
        exchange = null;
        if (current != null && current.incoming().hasHead()) {
            current.clientGone(closure);
        } else if (current != null) {
            current.abandon();
        }
    }
}
