package dev.weft.proxy.relay;

import dev.weft.http.transport.Closure;
import dev.weft.http.transport.Connection;
import dev.weft.http.transport.ConnectionHandler;
import dev.weft.http.transport.Received;
import dev.weft.model.outcome.ErrorCode;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One end of a {@link Relay}: what it says is passed to the other. Part of the relay, and of its loop. */
public final class Side implements ConnectionHandler, FrameReader.Sink {

    private final Relay relay;
    private final Connection connection;
    private final Optional<FrameReader> frames;
    private Optional<Side> other = Optional.empty();
    private long bytes;
    private boolean inputOver;
    private boolean gone;
    private @Nullable FirstLine watched;

    Side(Relay relay, Connection connection, Optional<FrameReader> frames) {
        this.relay = relay;
        this.connection = connection;
        this.frames = frames;
    }

    void other(Side side) {
        other = Optional.of(side);
    }

    Side other() {
        return other.orElseThrow();
    }

    void watch(FirstLine line) {
        watched = line;
    }

    Connection connection() {
        return connection;
    }

    /** Passed on so far. */
    long bytes() {
        return bytes;
    }

    boolean isInputOver() {
        return inputOver;
    }

    /** Whether a closed connection is its only way to say that it has said all. */
    boolean endsByClosing() {
        return frames.isEmpty() && connection.tls().isPresent();
    }

    void begin() {
        frames.ifPresent(reader -> reader.sink(this));
        connection.handler(this);
        connection.deadline(0);
        if (frames.isEmpty()) {
            connection.allowHalfClose(true);
        }
        connection.reading(true);
    }

    void sent(byte[] array, int length) {
        bytes += length;
        if (other().frames.isPresent()) {
            Frames.data(other().connection, array, 0, length);
        } else {
            other().connection.write(array, 0, length);
        }
        heed();
    }

    @Override
    public void opened(Connection opened) {}

    @Override
    public void received(Received received) {
        relay.touch();
        if (frames.isEmpty()) {
            data(received, 0, received.length());
        } else if (!frames.get().read(received)) {
            relay.broken(this, "its frames are malformed");
        }
    }

    @Override
    public void data(Received received, int from, int to) {
        if (relay.isOver() || inputOver) {
            return;
        }
        if (watched != null && watched.isRequest(received, from, to)) {
            relay.cancel(ErrorCode.REQUEST_IN_STREAM, "the client's first line is a request of HTTP");
            return;
        }
        bytes += to - from;
        if (other().frames.isPresent()) {
            Frames.data(other().connection, received, from, to);
        } else {
            other().connection.write(received, from, to);
        }
        heed();
    }

    /** Reads on only while the other side takes it. */
    private void heed() {
        if (!other().connection.writable()) {
            connection.reading(false);
        }
    }

    @Override
    public void writabilityChanged() {
        if (!relay.isOver() && !other().gone) {
            other().connection.reading(connection.writable());
        }
    }

    @Override
    public void inputEnded() {
        inputOver();
    }

    @Override
    public void ended() {
        inputOver();
    }

    void inputOver() {
        if (inputOver || relay.isOver()) {
            return;
        }
        inputOver = true;
        relay.touch();
        relay.saidAll(this); // first, because a connection of which both ways are over closes at once
        other().endOutput();
        if (relay.isOver()) {
            finish();
            other().finish();
        }
    }

    private void endOutput() {
        if (frames.isPresent()) {
            Frames.ended(connection);
        } else {
            connection.endOutput();
        }
    }

    /** Both sides have said all: a plain connection closes by itself when both of its directions are over. */
    void finish() {
        connection.deadline(0);
        if (frames.isPresent() || connection.tls().isPresent()) {
            connection.closeAfterWrites();
        }
    }

    void closeAfterWrites() {
        if (frames.isPresent()) {
            Frames.ended(connection);
        }
        connection.closeAfterWrites();
    }

    void breakOff(String detail) {
        if (gone) {
            return;
        }
        if (frames.isPresent()) {
            Frames.broken(connection, detail);
            connection.closeAfterWrites();
        } else {
            connection.reset();
        }
    }

    /** Breaks it off, saying why where that can be said. */
    void refuse(ErrorCode error, String detail) {
        if (gone || frames.isEmpty()) {
            breakOff(detail);
        } else {
            Frames.refused(connection, error, detail);
            connection.closeAfterWrites();
        }
    }

    @Override
    public void timedOut() {
        if (!relay.isOver()) {
            relay.idle();
        }
    }

    @Override
    public void closed(Closure closure) {
        gone = true;
        relay.gone(this, closure);
    }

    @Override
    public void broken(String detail) {
        relay.broken(this, detail);
    }

    @Override
    public void named(String text) {
        relay.broken(this, "it named the stream twice");
    }

    @Override
    public void opened() {
        relay.broken(this, "it opened the stream twice");
    }

    @Override
    public void refused(String code, String detail) {
        relay.refused(this, Frames.error(code).orElse(ErrorCode.STREAM_BROKEN), detail);
    }
}
