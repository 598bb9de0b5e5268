package dev.weft.http.h2;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Writes frames, as fast as the peer's windows allow; what they do not allow waits in its stream. */
final class Sender {

    private static final int REASON_BYTES_MAX = 128;

    private final Output output;
    private final Streams streams;
    private final Floods floods;
    private final FieldEncoder fields = new FieldEncoder();
    private final HeadEncoder heads;
    private final byte[] small = new byte[64];

    /** What the peer's settings say. */
    private int frameBytesMax = Frames.FRAME_BYTES_FIRST;

    private long initialWindow = Frames.WINDOW_FIRST;
    private boolean knowsConnectProtocol;

    private long window = Frames.WINDOW_FIRST;
    private long queued;
    private @Nullable Stream[] waiting = new Stream[8];
    private int waitingCount;
    private int turn;

    private int lastPeerStream;
    private boolean broken;
    private ErrorType brokenBy = ErrorType.NO_ERROR;
    private String reason = "";

    Sender(SessionOptions options, Output output, Streams streams, Floods floods) {
        this.output = output;
        this.streams = streams;
        this.floods = floods;
        this.heads = new HeadEncoder(fields, options.scheme());
    }

    boolean broken() {
        return broken;
    }

    ErrorType brokenBy() {
        return brokenBy;
    }

    String reason() {
        return reason;
    }

    void lastPeerStream(int id) {
        lastPeerStream = id;
    }

    int lastPeerStream() {
        return lastPeerStream;
    }

    long initialWindow() {
        return initialWindow;
    }

    boolean knowsConnectProtocol() {
        return knowsConnectProtocol;
    }

    void knowsConnectProtocol(boolean known) {
        knowsConnectProtocol = known;
    }

    void frameBytesMax(int bytes) {
        frameBytesMax = bytes;
    }

    void headerTable(long bytes) {
        fields.sizeLimit(bytes);
    }

    long queued() {
        return queued;
    }

    /** Ends the connection: says why, and writes nothing after. */
    void fail(ErrorType type, String why) {
        if (!broken) {
            broken = true;
            brokenBy = type;
            reason = why;
            byte[] frame = farewell(lastPeerStream, type, why);
            output.write(frame, 0, frame.length);
        }
    }

    void raw(byte[] bytes) {
        output.write(bytes, 0, bytes.length);
    }

    void goAway(int lastStream) {
        byte[] frame = farewell(lastStream, ErrorType.NO_ERROR, "");
        write(frame, frame.length, false);
    }

    private static byte[] farewell(int lastStream, ErrorType type, String why) {
        byte[] text = why.getBytes(StandardCharsets.US_ASCII);
        int length = Math.min(text.length, REASON_BYTES_MAX);
        byte[] frame = new byte[Frames.HEADER_BYTES + 8 + length];
        Frames.header(frame, 0, 8 + length, Frames.GOAWAY, 0, 0);
        Characters.INT.set(frame, 9, lastStream);
        Characters.INT.set(frame, 13, type.code());
        System.arraycopy(text, 0, frame, 17, length);
        return frame;
    }

    void settings(int... pairs) {
        byte[] frame = new byte[Frames.HEADER_BYTES + pairs.length * 3];
        Frames.header(frame, 0, pairs.length * 3, Frames.SETTINGS, 0, 0);
        for (int i = 0, at = Frames.HEADER_BYTES; i < pairs.length; i += 2, at += 6) {
            frame[at] = (byte) (pairs[i] >> 8);
            frame[at + 1] = (byte) pairs[i];
            Characters.INT.set(frame, at + 2, pairs[i + 1]);
        }
        write(frame, frame.length, false);
    }

    void settingsAcknowledged() {
        Frames.header(small, 0, 0, Frames.SETTINGS, Frames.ACK, 0);
        write(small, Frames.HEADER_BYTES, true);
    }

    void ping(long payload, boolean answer) {
        Frames.header(small, 0, 8, Frames.PING, answer ? Frames.ACK : 0, 0);
        Characters.LONG.set(small, Frames.HEADER_BYTES, payload);
        write(small, Frames.HEADER_BYTES + 8, answer);
    }

    void reset(int stream, ErrorType type) {
        number(Frames.RST_STREAM, stream, type.code(), true);
    }

    void windowUpdate(int stream, int bytes) {
        number(Frames.WINDOW_UPDATE, stream, bytes, false);
    }

    private void number(int type, int stream, int number, boolean answer) {
        Frames.header(small, 0, 4, type, 0, stream);
        Characters.INT.set(small, Frames.HEADER_BYTES, number);
        write(small, Frames.HEADER_BYTES + 4, answer);
    }

    private void write(byte[] frame, int length, boolean answer) {
        if (broken) {
            return;
        }
        output.write(frame, 0, length);
        count(answer);
    }

    private void count(boolean answer) {
        if (floods.written(output.writable(), answer) && !broken) {
            fail(ErrorType.ENHANCE_YOUR_CALM, "more frames wait for the peer than allowed");
        }
    }

    /** Writes a request; the stream is marked with what was asked for. */
    void request(Stream stream, byte[] head, int from, int to, boolean end) {
        fields.begin(Frames.HEADER_BYTES);
        heads.request(head, from, to, knowsConnectProtocol && !end);
        stream.headRequest = Characters.equal(head, from, Math.min(to, from + 5), "HEAD ");
        stream.upgrade = heads.protocol(head);
        stream.connect = stream.isUpgrade() || Characters.equal(head, from, Math.min(to, from + 8), "CONNECT ");
        block(stream, end);
    }

    void response(Stream stream, byte[] head, int from, int to, boolean end) {
        fields.begin(Frames.HEADER_BYTES);
        heads.response(head, from, to, stream.isUpgrade());
        block(stream, end);
    }

    /** Ends the stream with these, once what waits has left. */
    void trailers(Stream stream, byte[] lines, int from, int to) {
        if (stream.waits()) {
            stream.queueTrailers(lines, from, to);
            return;
        }
        fields.begin(Frames.HEADER_BYTES);
        heads.trailers(lines, from, to);
        if (fields.end() == Frames.HEADER_BYTES) {
            data(stream, lines, from, from, true); // no field at all
        } else {
            block(stream, true);
        }
    }

    private void block(Stream stream, boolean end) {
        if (broken) {
            return;
        }
        byte[] bytes = fields.bytes();
        int first = Math.min(fields.end(), Frames.HEADER_BYTES + frameBytesMax);
        int flags = (end ? Frames.END_STREAM : 0) | (first == fields.end() ? Frames.END_HEADERS : 0);
        Frames.header(bytes, 0, first - Frames.HEADER_BYTES, Frames.HEADERS, flags, stream.id);
        output.write(bytes, 0, first);
        for (int at = first; at < fields.end(); ) {
            int next = Math.min(fields.end(), at + frameBytesMax);
            int last = next == fields.end() ? Frames.END_HEADERS : 0;
            Frames.header(small, 0, next - at, Frames.CONTINUATION, last, stream.id);
            output.write(small, 0, Frames.HEADER_BYTES);
            output.write(bytes, at, next);
            at = next;
        }
        count(false);
        if (end) {
            streams.endLocal(stream);
        }
    }

    void data(Stream stream, byte[] bytes, int from, int to, boolean end) {
        int at = from;
        if (!stream.waits()) {
            at = sendNow(stream, bytes, from, to, end);
            if (at == to) {
                if (end) {
                    if (from == to) {
                        frame(stream, bytes, from, to, true);
                    }
                    streams.endLocal(stream);
                }
                return;
            }
            await(stream);
        }
        stream.append(bytes, at, to);
        queued += to - at;
        stream.endQueued |= end;
    }

    /** Sends what the windows allow, and the end if that is all; returns the offset after it. */
    private int sendNow(Stream stream, byte[] bytes, int from, int to, boolean end) {
        int at = from;
        while (at < to) {
            long allowed = Math.min(frameBytesMax, Math.min(window, stream.sendWindow));
            if (allowed <= 0) {
                break;
            }
            int next = (int) Math.min(to, at + allowed);
            frame(stream, bytes, at, next, end && next == to);
            at = next;
        }
        return at;
    }

    private void frame(Stream stream, byte[] bytes, int from, int to, boolean end) {
        if (broken) {
            return;
        }
        Frames.header(small, 0, to - from, Frames.DATA, end ? Frames.END_STREAM : 0, stream.id);
        output.write(small, 0, Frames.HEADER_BYTES);
        if (to > from) {
            output.write(bytes, from, to);
        }
        window -= to - from;
        stream.sendWindow -= to - from;
        floods.dataSent();
        count(false);
    }

    private void await(Stream stream) {
        if (waitingCount == waiting.length) {
            waiting = Arrays.copyOf(waiting, waiting.length * 2);
        }
        waiting[waitingCount++] = stream;
    }

    /** Drops what waits in a stream that is over. */
    void forget(Stream stream) {
        if (!stream.waits()) {
            return;
        }
        queued -= stream.queued();
        stream.taken(stream.queued());
        stream.endQueued = false;
        stream.trailersQueued = false;
        for (int i = 0; i < waitingCount; i++) {
            if (waiting[i] == stream) {
                removeWaiting(i);
                return;
            }
        }
    }

    private void removeWaiting(int index) {
        System.arraycopy(waiting, index + 1, waiting, index, waitingCount - index - 1);
        waiting[--waitingCount] = null;
        if (turn > index) {
            turn--;
        }
    }

    /** Adds to the connection's window; false when that is more than there may be. */
    boolean windowOpened(int bytes) {
        window += bytes;
        return window <= Integer.MAX_VALUE;
    }

    /** Adds to a stream's window; false when that is more than there may be. */
    boolean windowOpened(Stream stream, int bytes) {
        stream.sendWindow += bytes;
        return stream.sendWindow <= Integer.MAX_VALUE;
    }

    /** What new streams start with, and so much more or less for all that are open; false when one gets too large. */
    boolean initialWindow(int bytes) {
        long difference = bytes - initialWindow;
        initialWindow = bytes;
        boolean sound = true;
        for (int id : streams.numbers()) {
            Stream stream = streams.find(id);
            if (stream != null) {
                stream.sendWindow += difference;
                sound &= stream.sendWindow <= Integer.MAX_VALUE;
            }
        }
        return sound;
    }

    /** Sends what waits and may leave now, one frame of each stream in turn. */
    void sendWaiting() {
        int still = 0;
        while (still < waitingCount && !broken) {
            turn = turn < waitingCount ? turn : 0;
            Stream stream = waiting[turn];
            if (stream == null || !sendOne(stream)) {
                turn++;
                still++;
            } else {
                still = 0;
                if (!stream.waits()) {
                    removeWaiting(turn);
                    finish(stream);
                } else {
                    turn++;
                }
            }
        }
    }

    /** Sends one frame of what waits in this stream; false when nothing may leave. */
    private boolean sendOne(Stream stream) {
        int from = stream.queueFrom();
        long allowed = Math.min(frameBytesMax, Math.min(window, stream.sendWindow));
        int length = (int) Math.min(stream.queued(), allowed);
        if (length <= 0) {
            return false;
        }
        boolean all = length == stream.queued();
        boolean last = all && stream.endQueued;
        frame(stream, stream.queue(), from, from + length, last);
        stream.taken(length);
        queued -= length;
        if (all && stream.trailersQueued) {
            stream.trailersQueued = false;
            stream.endQueued = false;
            trailers(stream, stream.trailers, 0, stream.trailers.length);
        } else if (last) {
            stream.endQueued = false;
            stream.endSent = true;
        }
        return true;
    }

    private void finish(Stream stream) {
        if (stream.endSent) {
            streams.endLocal(stream);
        }
    }
}
