package dev.weft.http.h2;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/2 connection, either side of it. It reads no socket and no clock: bytes and times are passed in, bytes go to an
 * {@link Output}, and what the peer did to {@link SessionEvents}. One user at a time.
 *
 * <p>Heads are in HTTP/1.1 form, both ways, to be read by {@link dev.weft.http.h1.RequestHead} and
 * {@link dev.weft.http.h1.ResponseHead}:
 *
 * <ul>
 *   <li>{@code GET /path HTTP/1.1}, then {@code host} (empty when there was no authority), then the other fields in their
 *       order and in lower case; cookies are joined into one field, where the first was. {@code HTTP/1.1 200 } with an empty reason.
 *   <li>Nothing says how the body ends but {@code end}; {@code content-length} stands there if the peer sent it, and then
 *       is checked.
 *   <li>CONNECT is {@code CONNECT host:port HTTP/1.1} with {@code host} the same.
 *   <li>Extended CONNECT (RFC 8441) is {@code GET /path HTTP/1.1} with {@code connection: upgrade} and {@code upgrade:
 *       protocol}, as HTTP/1.1 asks for it; its answer is a head with status 101, and the protocol's bytes are data. The
 *       {@code sec-websocket-key} and {@code -accept} of HTTP/1.1 have no place there: whoever translates makes them.
 *   <li>A head to be sent may hold any field: those about an HTTP/1.1 connection are left out, names become lower case.
 * </ul>
 *
 * <p>A stream is over once both sides have ended their message, or one has reset it. A server whose answer is complete
 * while the request still comes in either reads on or resets the stream with NO_ERROR. Calls about a stream that is over
 * have no effect.
 */
public final class Session {

    /** {@link #open}: the peer allows no more streams at a time. */
    public static final int BUSY = -1;

    /** {@link #open}: the connection takes no new streams any more. */
    public static final int LEAVING = -2;

    private static final int BLOCK_OWED = 1 << 30;

    private final SessionOptions options;
    private final SessionEvents events;
    private final boolean server;
    private final Streams streams = new Streams();
    private final Sender sender;
    private final Control control;
    private final Receiver receiver;
    private final FrameReader reader;
    private int stoppedCount;

    private Session(SessionOptions options, SessionEvents events, Output output, boolean server) {
        this.options = options;
        this.events = events;
        this.server = server;
        Floods floods = new Floods(options.floods());
        FieldDecoder fields = new FieldDecoder(Math.max(options.headerTableBytes(), Frames.HEADER_TABLE_FIRST));
        this.sender = new Sender(options, output, streams, floods);
        this.control = new Control(options, events, server, streams, sender, floods, fields);
        this.receiver = new Receiver(options, events, server, streams, sender, floods, control, fields);
        this.reader = new FrameReader(receiver, server);
    }

    /** The side that accepted the connection; the client's preface is among the bytes that it receives. */
    public static Session server(SessionOptions options, SessionEvents events, Output output) {
        return new Session(options, events, output, true);
    }

    /** The side that made the connection. */
    public static Session client(SessionOptions options, SessionEvents events, Output output) {
        return new Session(options, events, output, false);
    }

    /** Writes the preface and the settings; to be called once, before anything else. */
    public void start(long nowNanos) {
        if (!server) {
            sender.raw(FrameReader.PREFACE);
        }
        control.start(nowNanos);
    }

    /**
     * Takes what the peer sent.
     *
     * @return false once the connection is broken: a GOAWAY frame was written, and when it has left the connection must be
     *     closed; its streams are not told one by one
     */
    public boolean receive(byte[] bytes, int from, int to, long nowNanos) {
        receiver.at(nowNanos);
        reader.read(bytes, from, to);
        if (control.windowsOpened() && !sender.broken()) {
            sender.sendWaiting();
            wake();
        }
        return !sender.broken();
    }

    /**
     * Begins a stream with a request.
     *
     * @return its number, or {@link #BUSY} or {@link #LEAVING}
     */
    public int open(byte[] head, int from, int to, boolean end) {
        int id = sender.broken() ? LEAVING : control.open();
        if (id > 0) {
            Stream stream = streams.add(id, 0, sender.initialWindow(), control.windowOfNewStreams());
            sender.request(stream, head, from, to, end);
        }
        return id;
    }

    /** Sends a response's head; an interim one (1xx) may come before the final one. */
    public void head(int stream, byte[] head, int from, int to, boolean end) {
        Stream found = sendable(stream);
        if (found != null && !found.headSent) {
            boolean interim = head[from + 9] == '1' && !found.isUpgrade();
            found.headSent = !interim;
            sender.response(found, head, from, to, end && !interim);
        }
    }

    /** Sends a part of the body. All is taken; what the peer's window does not allow waits, see {@link #writable}. */
    public void data(int stream, byte[] bytes, int from, int to, boolean end) {
        Stream found = sendable(stream);
        if (found != null) {
            sender.data(found, bytes, from, to, end);
            if (!end) {
                var _ = writable(stream);
            }
        }
    }

    /** Ends the message with trailers: lines {@code name: value CRLF}, with or without an empty line after them. */
    public void trailers(int stream, byte[] fieldLines, int from, int to) {
        Stream found = sendable(stream);
        if (found != null) {
            sender.trailers(found, fieldLines, from, to);
        }
    }

    private @Nullable Stream sendable(int stream) {
        Stream found = streams.find(stream);
        return found == null || found.localEnded || found.endQueued || found.trailersQueued || sender.broken()
                ? null
                : found;
    }

    /** Ends a stream at once; what waits there is dropped, and nothing more is heard of it. */
    public void reset(int stream, ErrorType code) {
        Stream found = streams.find(stream);
        if (found != null) {
            if (!found.closed()) {
                sender.reset(stream, code);
            }
            control.drop(found, true);
        }
    }

    /** That many bytes which {@link SessionEvents#data} brought were passed on: the peer may send as many more. */
    public void consumed(int stream, int bytes) {
        Stream found = streams.find(stream);
        if (found == null || bytes <= 0) {
            return;
        }
        int known = Math.min(bytes, found.unconsumed);
        found.unconsumed -= known;
        control.passed(known);
        if (!found.unwanted) {
            control.passed(found, known);
        }
        if (found.closed() && found.unconsumed == 0) {
            streams.remove(found, false);
        }
    }

    /**
     * Nothing more is wanted of what the peer sends there: its window for this stream is opened no further, while {@link
     * #consumed} goes on opening the connection's.
     */
    public void unwanted(int stream) {
        Stream found = streams.find(stream);
        if (found != null) {
            found.unwanted = true;
        }
    }

    /**
     * Resets a stream with NO_ERROR if the peer has not ended it though this side has (RFC 9113 section 8.1).
     *
     * @return false while this side's last byte has not left, and nothing was done
     */
    public boolean finish(int stream) {
        Stream found = streams.find(stream);
        if (found != null && !found.localEnded) {
            return false;
        }
        reset(stream, ErrorType.NO_ERROR);
        return true;
    }

    /** Whether more data may be given for this stream; once it was not, {@link SessionEvents#writable} tells. */
    public boolean writable(int stream) {
        Stream found = streams.find(stream);
        if (found == null) {
            return false;
        }
        boolean writable = hasRoom(found);
        if (!writable && !found.stopped) {
            found.stopped = true;
            stoppedCount++;
        }
        return writable;
    }

    /** A stream of which nothing waits always has: what others do not take stops them alone. */
    private boolean hasRoom(Stream stream) {
        return stream.queued() == 0
                || (stream.queued() < options.queuedBytesMax() && sender.queued() < options.connectionQueuedBytesMax());
    }

    /** Tells of the streams that have room again. */
    private void wake() {
        if (stoppedCount == 0) {
            return;
        }
        int[] numbers = streams.numbers();
        stoppedCount = (int) Arrays.stream(numbers).filter(this::stopped).count();
        for (int id : numbers) {
            Stream stream = streams.find(id);
            if (stream != null && stream.stopped && hasRoom(stream)) {
                stream.stopped = false;
                stoppedCount--;
                events.writable(id);
            }
        }
    }

    private boolean stopped(int id) {
        Stream stream = streams.find(id);
        return stream != null && stream.stopped;
    }

    /**
     * Begins to leave. A server tells the peer to open no more streams and serves those that it opened before it heard of
     * that; a client opens no more. The connection may be closed once {@link #done}.
     */
    public void goAway(long nowNanos) {
        control.goAway(nowNanos);
    }

    /** Ends the connection: writes GOAWAY with this reason, after which it must be closed. */
    public void fail(ErrorType code, String reason) {
        sender.fail(code, reason);
    }

    /** Whether this side has said goodbye and no stream is open. */
    public boolean done() {
        return control.done();
    }

    /** Whether the connection is broken, as {@link #receive} says; sending can break it too. */
    public boolean broken() {
        return sender.broken();
    }

    /** Why the connection is broken; empty before. */
    public String problem() {
        return sender.broken() ? sender.brokenBy() + ": " + sender.reason() : "";
    }

    /** Asks the peer for a sign of life; without one within {@link SessionOptions#pingTimeout} the connection is broken. */
    public void ping(long nowNanos) {
        control.ping(nowNanos);
    }

    /** Streams that count against the limit of those open at a time. */
    public int openStreams() {
        return streams.open();
    }

    /**
     * What the peer has begun and owes the rest of, bodies apart: 0 for nothing, else a number that is another one for each
     * frame, and the same for all frames of one header block.
     */
    public int owed() {
        if (receiver.inBlock()) {
            return BLOCK_OWED;
        }
        return reader.underWay() ? reader.begun() | BLOCK_OWED << 1 : 0;
    }

    /** Bytes in all buffers that the peer can make grow; what waits to be sent is in the caller's hand. */
    int heldForPeer() {
        return receiver.held() + reader.held();
    }

    /** When {@link #timedOut} is to be called, in the time that is passed in; 0 for never. It may change with every call. */
    public long nextDeadline() {
        return control.nextDeadline();
    }

    /** Does what is due by now; returns as {@link #receive}. */
    public boolean timedOut(long nowNanos) {
        control.timedOut(nowNanos);
        return !sender.broken();
    }
}
