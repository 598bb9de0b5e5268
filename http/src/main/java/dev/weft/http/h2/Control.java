package dev.weft.http.h2;

import java.util.concurrent.TimeUnit;

/**
 * What concerns the connection as a whole: settings of both sides, its window for what comes in, PING, GOAWAY, and the
 * times at which something must have happened.
 */
final class Control {

    /** Between the two GOAWAY frames of a graceful end, if the peer does not answer the PING between them earlier. */
    private static final long LAST_CALL_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long LAST_CALL = 0x6c6c616374736177L;
    private static final long ASKED = 0x676e697074666577L;
    private static final int STREAMS_FIRST = 100; // until the peer says; RFC 9113 section 6.5.2 advises no less

    private final SessionOptions options;
    private final SessionEvents events;
    private final boolean server;
    private final Streams streams;
    private final Sender sender;
    private final Floods floods;
    private final FieldDecoder fields;

    private boolean ready;
    private boolean acknowledged;
    private long window = Frames.WINDOW_FIRST;
    private int credit;
    private long nextStream = 1;
    private int streamsAllowed = STREAMS_FIRST;
    private boolean peerLeaves;
    private boolean lastCalled;
    private boolean leaving;
    private long settingsDeadline;
    private long pingDeadline;
    private long lastCallDeadline;
    private boolean windowsOpened;

    Control(
            SessionOptions options,
            SessionEvents events,
            boolean server,
            Streams streams,
            Sender sender,
            Floods floods,
            FieldDecoder fields) {
        this.options = options;
        this.events = events;
        this.server = server;
        this.streams = streams;
        this.sender = sender;
        this.floods = floods;
        this.fields = fields;
    }

    /** Says what this side allows. */
    void start(long now) {
        settingsDeadline = later(now, options.settingsTimeout().toNanos());
        int streamWindow = options.streamWindowBytes();
        if (server) {
            sender.settings(
                    Frames.HEADER_TABLE_SIZE,
                    options.headerTableBytes(),
                    Frames.MAX_CONCURRENT_STREAMS,
                    options.streamsMax(),
                    Frames.INITIAL_WINDOW_SIZE,
                    streamWindow,
                    Frames.MAX_HEADER_LIST_SIZE,
                    options.headBytesMax(),
                    Frames.MAX_FRAME_SIZE,
                    options.frameBytesMax(),
                    Frames.ENABLE_CONNECT_PROTOCOL,
                    options.extendedConnect() ? 1 : 0);
        } else {
            sender.settings(
                    Frames.HEADER_TABLE_SIZE,
                    options.headerTableBytes(),
                    Frames.ENABLE_PUSH,
                    0,
                    Frames.INITIAL_WINDOW_SIZE,
                    streamWindow,
                    Frames.MAX_HEADER_LIST_SIZE,
                    options.headBytesMax());
        }
        int more = options.connectionWindowBytes() - Frames.WINDOW_FIRST;
        if (more > 0) {
            sender.windowUpdate(0, more);
            window += more;
        }
    }

    private static long later(long now, long nanos) {
        long then = now + nanos;
        return then == 0 ? 1 : then;
    }

    /** Whether the peer's settings have come. */
    boolean ready() {
        return ready;
    }

    /** Whether the peer's new streams are passed over, as it was told. */
    boolean leaving() {
        return leaving;
    }

    /** Whether no frame could have opened this stream yet; those that came after this side's goodbye were passed over. */
    boolean idle(int stream) {
        boolean ofClient = (stream & 1) == 1;
        if (server) {
            return !ofClient || (stream > sender.lastPeerStream() && !leaving);
        }
        return !ofClient || stream >= nextStream;
    }

    long windowOfNewStreams() {
        return acknowledged ? options.streamWindowBytes() : Math.max(Frames.WINDOW_FIRST, options.streamWindowBytes());
    }

    void frame(int type, int flags, int stream, byte[] bytes, int from, int to, long now) {
        boolean known = type == Frames.SETTINGS || type == Frames.PING || type == Frames.GOAWAY;
        if (known && stream != 0) {
            sender.fail(ErrorType.PROTOCOL_ERROR, "a frame about the connection names a stream");
        } else if (floods.idle(now)) {
            sender.fail(ErrorType.ENHANCE_YOUR_CALM, "too many frames that do nothing");
        } else {
            switch (type) {
                case Frames.SETTINGS -> settings(flags, bytes, from, to);
                case Frames.PING -> ping(flags, bytes, from, to);
                case Frames.GOAWAY -> goneAway(bytes, from, to);
                case Frames.PUSH_PROMISE -> sender.fail(ErrorType.PROTOCOL_ERROR, "PUSH_PROMISE is not allowed");
                case Frames.PRIORITY_UPDATE -> priorityUpdate(stream);
                default -> {} // of unknown type: passed over (RFC 9113 section 4.1)
            }
        }
    }

    private void priorityUpdate(int stream) {
        if (stream != 0) {
            sender.fail(ErrorType.PROTOCOL_ERROR, "a PRIORITY_UPDATE frame names a stream in its header");
        } else if (floods.priority()) {
            sender.fail(ErrorType.ENHANCE_YOUR_CALM, "too many PRIORITY_UPDATE frames");
        }
    }

    private void settings(int flags, byte[] bytes, int from, int to) {
        boolean answer = (flags & Frames.ACK) != 0;
        if ((to - from) % 6 != 0 || (answer && to > from)) {
            sender.fail(ErrorType.FRAME_SIZE_ERROR, "a SETTINGS frame has an impossible length");
        } else if (answer) {
            acknowledged = true;
            settingsDeadline = 0;
            fields.sizeLimit(options.headerTableBytes());
        } else {
            ready = true;
            for (int at = from; at < to && !sender.broken(); at += 6) {
                setting(((bytes[at] & 0xff) << 8) | (bytes[at + 1] & 0xff), Frames.number(bytes, at + 2));
            }
            sender.settingsAcknowledged();
        }
    }

    private void setting(int name, int value) {
        switch (name) {
            case Frames.HEADER_TABLE_SIZE -> sender.headerTable(Integer.toUnsignedLong(value));
            case Frames.ENABLE_PUSH ->
                require(value == 0 || (value == 1 && server), ErrorType.PROTOCOL_ERROR, "ENABLE_PUSH is not 0 or 1");
            case Frames.MAX_CONCURRENT_STREAMS -> {
                streamsAllowed = value < 0 ? Integer.MAX_VALUE : value;
                if (!server) {
                    events.streamsAllowed(streamsAllowed);
                }
            }
            case Frames.INITIAL_WINDOW_SIZE -> {
                boolean sound = value >= 0 && sender.initialWindow(value);
                require(sound, ErrorType.FLOW_CONTROL_ERROR, "INITIAL_WINDOW_SIZE makes a window too large");
                windowsOpened = true;
            }
            case Frames.MAX_FRAME_SIZE -> {
                boolean sound = value >= Frames.FRAME_BYTES_FIRST && value <= Frames.FRAME_BYTES_MOST;
                require(sound, ErrorType.PROTOCOL_ERROR, "MAX_FRAME_SIZE is out of its range");
                sender.frameBytesMax(Math.min(value, Frames.FRAME_BYTES_FIRST));
            }
            case Frames.ENABLE_CONNECT_PROTOCOL -> {
                require(value == 0 || value == 1, ErrorType.PROTOCOL_ERROR, "ENABLE_CONNECT_PROTOCOL is not 0 or 1");
                sender.knowsConnectProtocol(!server && value == 1);
            }
            default -> {} // MAX_HEADER_LIST_SIZE only advises; unknown ones are passed over
        }
    }

    private void require(boolean sound, ErrorType type, String why) {
        if (!sound) {
            sender.fail(type, why);
        }
    }

    private void ping(int flags, byte[] bytes, int from, int to) {
        if (to - from != 8) {
            sender.fail(ErrorType.FRAME_SIZE_ERROR, "a PING frame is not 8 bytes long");
            return;
        }
        long payload = (long) Characters.LONG.get(bytes, from);
        if ((flags & Frames.ACK) == 0) {
            sender.ping(payload, true);
        } else if (payload == ASKED) {
            pingDeadline = 0;
        } else if (payload == LAST_CALL && lastCallDeadline != 0) {
            leave();
        }
    }

    private void goneAway(byte[] bytes, int from, int to) {
        if (to - from < 8) {
            sender.fail(ErrorType.FRAME_SIZE_ERROR, "a GOAWAY frame is shorter than 8 bytes");
            return;
        }
        peerLeaves = true;
        int last = Frames.number(bytes, from) & Frames.STREAM_MAX;
        if (!server) {
            for (int id : streams.numbers()) {
                Stream stream = id > last ? streams.find(id) : null;
                if (stream != null && !stream.closed()) {
                    drop(stream, true);
                    events.reset(id, ErrorType.REFUSED_STREAM);
                }
            }
        }
        events.goAway(last, ErrorType.of(Frames.number(bytes, from + 4)));
    }

    /** Takes note of DATA that came; false when the peer may not have sent so much. */
    boolean arrived(int length) {
        window -= length;
        return window >= 0;
    }

    /** Bytes of the connection's window were given back. */
    void passed(int bytes) {
        credit += bytes;
        if (credit >= options.connectionWindowBytes() / 2) {
            sender.windowUpdate(0, credit);
            window += credit;
            credit = 0;
        }
    }

    /** Bytes of a stream's window were given back. */
    void passed(Stream stream, int bytes) {
        if (stream.remoteEnded) {
            return;
        }
        stream.credit += bytes;
        if (stream.credit * 2L >= options.streamWindowBytes()) {
            sender.windowUpdate(stream.id, stream.credit);
            stream.receiveWindow += stream.credit;
            stream.credit = 0;
        }
    }

    /** Forgets a stream and what is still to be given back or sent there. */
    void drop(Stream stream, boolean resetHere) {
        passed(stream.unconsumed);
        stream.unconsumed = 0;
        sender.forget(stream);
        streams.remove(stream, resetHere);
    }

    /** The peer opened the connection's window. */
    void windowOpened(int more) {
        if (more == 0) {
            sender.fail(ErrorType.PROTOCOL_ERROR, "a WINDOW_UPDATE frame of 0 for the connection");
        } else if (!sender.windowOpened(more)) {
            sender.fail(ErrorType.FLOW_CONTROL_ERROR, "the connection's window grows beyond 2^31-1");
        }
        windowsOpened = true;
    }

    /** The peer opened a stream's window. */
    void streamWindowOpened() {
        windowsOpened = true;
    }

    /** Whether something that waits may be able to leave, since this was asked last. */
    boolean windowsOpened() {
        boolean opened = windowsOpened;
        windowsOpened = false;
        return opened;
    }

    /** The next stream of a client, or why there is none ({@link Session#BUSY}, {@link Session#LEAVING}). */
    int open() {
        if (peerLeaves || leaving || nextStream > Frames.STREAM_MAX) {
            return Session.LEAVING;
        }
        if (streams.open() >= streamsAllowed) {
            return Session.BUSY;
        }
        int id = (int) nextStream;
        nextStream += 2;
        floods.opened();
        return id;
    }

    /** Asks the peer for a sign of life. */
    void ping(long now) {
        if (pingDeadline == 0) {
            pingDeadline = later(now, options.pingTimeout().toNanos());
            sender.ping(ASKED, false);
        }
    }

    /** Begins to leave: what the peer has sent before it knows is still served. */
    void goAway(long now) {
        if (lastCalled || sender.broken()) {
            return;
        }
        lastCalled = true;
        if (server) {
            sender.goAway(Frames.STREAM_MAX);
            sender.ping(LAST_CALL, false);
            lastCallDeadline = later(now, LAST_CALL_NANOS);
        } else {
            leave();
        }
    }

    /** Leaves now: what has come from the peer is still served, and nothing more. */
    void leave() {
        if (!leaving) {
            lastCalled = true;
            lastCallDeadline = 0;
            leaving = true;
            sender.goAway(sender.lastPeerStream());
        }
    }

    /** Whether this side has said goodbye and nothing is left to do. */
    boolean done() {
        return leaving && streams.open() == 0;
    }

    /** The next time at which {@link #timedOut} has something to do; 0 for none. */
    long nextDeadline() {
        return sooner(settingsDeadline, sooner(pingDeadline, lastCallDeadline));
    }

    private static long sooner(long one, long other) {
        return one == 0 || (other != 0 && other - one < 0) ? other : one;
    }

    void timedOut(long now) {
        if (settingsDeadline != 0 && now - settingsDeadline >= 0) {
            sender.fail(ErrorType.SETTINGS_TIMEOUT, "the settings were not acknowledged in time");
        } else if (pingDeadline != 0 && now - pingDeadline >= 0) {
            sender.fail(ErrorType.NO_ERROR, "a PING was not answered in time");
        } else if (lastCallDeadline != 0 && now - lastCallDeadline >= 0) {
            leave();
        }
    }
}
