package dev.weft.http.h2;

import org.jspecify.annotations.Nullable;

/** What the peer's frames that belong to streams mean; hands on what concerns the connection to {@link Control}. */
final class Receiver {

    private static final byte[] NONE = {};

    private final SessionOptions options;
    private final SessionEvents events;
    private final boolean server;
    private final Streams streams;
    private final Sender sender;
    private final Floods floods;
    private final Control control;
    private final FieldDecoder fields;
    private final HeadBuilder head;
    private final HeaderBlocks blocks;
    private long now;

    /** The stream that the DATA frame under way is for; 0 to throw it away. */
    private int dataStream;

    private boolean dataEnds;

    Receiver(
            SessionOptions options,
            SessionEvents events,
            boolean server,
            Streams streams,
            Sender sender,
            Floods floods,
            Control control,
            FieldDecoder fields) {
        this.options = options;
        this.events = events;
        this.server = server;
        this.streams = streams;
        this.sender = sender;
        this.floods = floods;
        this.control = control;
        this.fields = fields;
        this.blocks = new HeaderBlocks(this, options);
        this.head = new HeadBuilder(options.headBytesMax(), options.fieldsMax(), options.extendedConnect());
    }

    boolean inBlock() {
        return blocks.underWay();
    }

    int held() {
        return blocks.held() + head.held() + fields.table().held();
    }

    void at(long nowNanos) {
        now = nowNanos;
    }

    boolean broken() {
        return sender.broken();
    }

    void fail(ErrorType type, String why) {
        sender.fail(type, why);
    }

    /** Looks at a frame's header; false when the connection is broken by it. */
    boolean begins(int type, int flags, int stream, int length) {
        if (length > options.frameBytesMax()) {
            fail(ErrorType.FRAME_SIZE_ERROR, "a frame is longer than " + options.frameBytesMax() + " bytes");
        } else if (!blocks.allow(type, stream)) {
            fail(ErrorType.PROTOCOL_ERROR, "a header block is interrupted, or continued where there is none");
        } else if (!control.ready() && type != Frames.SETTINGS) {
            fail(ErrorType.PROTOCOL_ERROR, "the first frame is not SETTINGS");
        } else {
            boolean carries = type == Frames.HEADERS || type == Frames.CONTINUATION;
            boolean ends = type == Frames.HEADERS && (flags & Frames.END_STREAM) != 0;
            if (type != Frames.DATA) {
                countEmpty(carries && length == 0 && !ends);
            }
        }
        return !broken();
    }

    private void countEmpty(boolean empty) {
        if (!empty) {
            floods.notEmpty();
        } else if (floods.empty()) {
            fail(ErrorType.ENHANCE_YOUR_CALM, "too many empty frames");
        }
    }

    void frame(int type, int flags, int stream, byte[] bytes, int from, int to) {
        switch (type) {
            case Frames.HEADERS -> blocks.headers(flags, stream, bytes, from, to);
            case Frames.CONTINUATION -> blocks.continuation(flags, bytes, from, to);
            case Frames.RST_STREAM -> reset(stream, bytes, from, to);
            case Frames.PRIORITY -> priority(stream, bytes, from, to);
            case Frames.WINDOW_UPDATE -> windowUpdate(stream, bytes, from, to);
            default -> control.frame(type, flags, stream, bytes, from, to, now);
        }
    }

    /** Whether a header block may come with this stream number. */
    boolean possible(int id) {
        return server ? (id & 1) == 1 : streams.find(id) != null || !control.idle(id);
    }

    /** A whole header block. */
    void block(int id, boolean end, boolean dependsOnItself, byte[] bytes, int from, int to) {
        Stream stream = streams.find(id);
        ErrorType refusal =
                stream == null ? refusal(id) : stream.remoteEnded ? ErrorType.STREAM_CLOSED : ErrorType.NO_ERROR;
        if (broken()) {
            return;
        }
        if (dependsOnItself && refusal == ErrorType.NO_ERROR) {
            refusal = ErrorType.PROTOCOL_ERROR;
        }
        boolean wanted = refusal == ErrorType.NO_ERROR;
        boolean first = stream == null || !stream.headReceived;
        HeadBuilder.Form form = server ? HeadBuilder.Form.REQUEST : HeadBuilder.Form.RESPONSE;
        head.begin(!wanted ? HeadBuilder.Form.DISCARDED : first ? form : HeadBuilder.Form.TRAILERS);
        if (!fields.decode(bytes, from, to, head)) {
            fail(ErrorType.COMPRESSION_ERROR, "a header block is not HPACK");
        } else if (!wanted) {
            refuse(id, refusal);
        } else if (stream == null) {
            request(id, end);
        } else if (!first) {
            trailers(stream, end);
        } else {
            response(stream, end);
        }
    }

    /** Whether a block for a stream that is not there may open one: NO_ERROR if so, CANCEL to pass over it in silence. */
    private ErrorType refusal(int id) {
        if (!server) {
            return ErrorType.CANCEL; // its response came too late
        }
        if (id <= sender.lastPeerStream()) {
            switch (streams.past(id)) {
                case RESET_HERE -> {
                    return ErrorType.CANCEL;
                }
                case ENDED -> fail(ErrorType.STREAM_CLOSED, "a HEADERS frame for a stream that has ended");
                case UNKNOWN -> fail(ErrorType.PROTOCOL_ERROR, "a HEADERS frame with a stream number out of order");
            }
            return ErrorType.PROTOCOL_ERROR;
        }
        if (control.leaving()) {
            return ErrorType.CANCEL;
        }
        sender.lastPeerStream(id);
        floods.opened();
        return streams.open() >= options.streamsMax() ? ErrorType.REFUSED_STREAM : ErrorType.NO_ERROR;
    }

    private void refuse(int id, ErrorType type) {
        if (type != ErrorType.CANCEL) {
            streamError(id, type);
        }
    }

    private void request(int id, boolean end) {
        boolean sound = head.finish(NONE) && !(end && head.contentLength() > 0);
        if (!sound) {
            streamError(id, ErrorType.PROTOCOL_ERROR);
            return;
        }
        Stream stream = streams.add(id, now, sender.initialWindow(), control.windowOfNewStreams());
        stream.headReceived = true;
        stream.contentLength = head.isConnect() ? -1 : head.contentLength();
        stream.connect = head.isConnect();
        if (head.asksForUpgrade()) {
            stream.upgrade = new byte[] {1};
        }
        ending(stream, end);
        if (head.tooLarge()) {
            events.headTooLarge(id, end);
        } else {
            events.head(id, head.buffer(), head.start(), head.end(), end);
        }
    }

    private void response(Stream stream, boolean end) {
        boolean sound = head.finish(stream.upgrade) || head.tooLarge();
        int status = head.tooLarge() ? 0 : head.status();
        boolean interim = status < 200;
        boolean bodiless = stream.headRequest || status == 304;
        boolean wrongEnd = end && (interim || (head.contentLength() > 0 && !bodiless));
        if (head.tooLarge() || !sound || wrongEnd) {
            streamError(stream.id, head.tooLarge() ? ErrorType.ENHANCE_YOUR_CALM : ErrorType.PROTOCOL_ERROR);
            return;
        }
        if (!interim) {
            stream.headReceived = true;
            boolean tunnel = stream.connect && status < 300;
            stream.contentLength = tunnel ? -1 : bodiless || status == 204 ? 0 : head.contentLength();
        }
        int id = stream.id;
        ending(stream, end);
        events.head(id, head.buffer(), head.start(), head.end(), end);
    }

    private void trailers(Stream stream, boolean end) {
        int id = stream.id;
        boolean cutShort = stream.contentLength >= 0 && stream.received != stream.contentLength;
        if (head.tooLarge()) {
            streamError(id, ErrorType.ENHANCE_YOUR_CALM);
        } else if (!end || !head.finish(NONE) || cutShort) {
            streamError(id, ErrorType.PROTOCOL_ERROR);
        } else {
            ending(stream, true);
            events.trailers(id, head.buffer(), head.start(), head.end());
        }
    }

    private void ending(Stream stream, boolean end) {
        if (end) {
            streams.endRemote(stream);
        }
    }

    /** A DATA frame of that length begins, of which {@code bytes} are data. */
    void dataBegins(int id, int flags, int length, int bytes) {
        dataStream = 0;
        dataEnds = (flags & Frames.END_STREAM) != 0;
        Stream stream = streams.find(id);
        if (id == 0 || (stream == null && control.idle(id))) {
            fail(ErrorType.PROTOCOL_ERROR, "a DATA frame for a stream that was never opened");
            return;
        }
        countEmpty(bytes == 0 && !dataEnds); // padding is nothing, too
        if (broken()) {
            return;
        }
        if (!control.arrived(length)) {
            fail(ErrorType.FLOW_CONTROL_ERROR, "more data than the connection's window allows");
            return;
        }
        ErrorType error = dataError(id, stream, length, bytes);
        if (error != ErrorType.NO_ERROR || stream == null) {
            if (error != ErrorType.NO_ERROR) {
                streamError(id, error);
            }
            control.passed(length);
            return;
        }
        stream.receiveWindow -= length;
        dataStream = id;
        if (length > bytes) {
            control.passed(length - bytes);
            control.passed(stream, length - bytes);
        }
        if (bytes == 0 && dataEnds) {
            data(NONE, 0, 0, true);
        }
    }

    private ErrorType dataError(int id, @Nullable Stream stream, int length, int bytes) {
        if (stream == null) {
            boolean late = !server || streams.past(id) == Streams.Past.RESET_HERE;
            return late ? ErrorType.NO_ERROR : ErrorType.STREAM_CLOSED;
        }
        if (stream.remoteEnded) {
            return ErrorType.STREAM_CLOSED;
        }
        if (length > stream.receiveWindow) {
            return ErrorType.FLOW_CONTROL_ERROR;
        }
        long received = stream.received + bytes;
        long expected = stream.contentLength;
        boolean fits = expected < 0 || received == expected || (received < expected && !dataEnds);
        return stream.headReceived && fits ? ErrorType.NO_ERROR : ErrorType.PROTOCOL_ERROR;
    }

    /** A part of the data that {@link #dataBegins} announced. */
    void data(byte[] bytes, int from, int to, boolean last) {
        if (dataStream == 0) {
            return;
        }
        Stream stream = streams.find(dataStream);
        if (stream == null) {
            control.passed(to - from); // it was reset while its frame came in
            return;
        }
        stream.received += to - from;
        stream.unconsumed += to - from;
        boolean end = last && dataEnds;
        ending(stream, end);
        events.data(dataStream, bytes, from, to, end);
    }

    private void reset(int id, byte[] bytes, int from, int to) {
        if (to - from != 4) {
            fail(ErrorType.FRAME_SIZE_ERROR, "a RST_STREAM frame is not 4 bytes long");
        } else if (control.idle(id)) {
            fail(ErrorType.PROTOCOL_ERROR, "a RST_STREAM frame for a stream that was never opened");
        } else if (server ? floods.idle(now) : floods.resetByServer(now)) {
            fail(ErrorType.ENHANCE_YOUR_CALM, "too many RST_STREAM frames");
        } else {
            Stream stream = streams.find(id);
            if (stream != null) {
                boolean flood = server && floods.reset(stream, now);
                boolean ended = stream.closed();
                control.drop(stream, false);
                if (!ended) {
                    events.reset(id, ErrorType.of(Frames.number(bytes, from)));
                }
                if (flood && floods.shared()) {
                    control.leave();
                } else if (flood) {
                    fail(ErrorType.ENHANCE_YOUR_CALM, "too many streams are reset at once");
                }
            }
        }
    }

    private void priority(int id, byte[] bytes, int from, int to) {
        if (id == 0) {
            fail(ErrorType.PROTOCOL_ERROR, "a PRIORITY frame for stream 0");
        } else if (floods.priority()) {
            fail(ErrorType.ENHANCE_YOUR_CALM, "too many PRIORITY frames");
        } else if (to - from != 5) {
            streamError(id, ErrorType.FRAME_SIZE_ERROR);
        } else if ((Frames.number(bytes, from) & Frames.STREAM_MAX) == id) {
            streamError(id, ErrorType.PROTOCOL_ERROR);
        }
    }

    private void windowUpdate(int id, byte[] bytes, int from, int to) {
        if (to - from != 4) {
            fail(ErrorType.FRAME_SIZE_ERROR, "a WINDOW_UPDATE frame is not 4 bytes long");
            return;
        }
        int more = Frames.number(bytes, from) & Frames.STREAM_MAX;
        if (floods.windowUpdate()) {
            fail(ErrorType.ENHANCE_YOUR_CALM, "too many WINDOW_UPDATE frames");
        } else if (id == 0) {
            control.windowOpened(more);
        } else if (control.idle(id)) {
            fail(ErrorType.PROTOCOL_ERROR, "a WINDOW_UPDATE frame for a stream that was never opened");
        } else {
            Stream stream = streams.find(id);
            if (stream != null && more == 0) {
                streamError(id, ErrorType.PROTOCOL_ERROR);
            } else if (stream != null && !sender.windowOpened(stream, more)) {
                streamError(id, ErrorType.FLOW_CONTROL_ERROR);
            } else {
                control.streamWindowOpened();
            }
        }
    }

    /** Resets a stream for what the peer did there. */
    private void streamError(int id, ErrorType type) {
        if (control.idle(id)) {
            fail(type, "a frame for a stream that was never opened");
            return;
        }
        Stream stream = streams.find(id);
        boolean heard = stream != null && !stream.closed();
        sender.reset(id, type);
        if (stream == null) {
            streams.refused(id);
        } else {
            control.drop(stream, true);
        }
        if (heard) {
            events.violated(id, type);
        }
        if (server && floods.wasted()) {
            fail(ErrorType.ENHANCE_YOUR_CALM, "too many streams had to be reset");
        }
    }
}
