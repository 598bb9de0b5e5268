package dev.weft.http.h2;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes down what a session tells and writes. Data that comes in a row is one event. */
final class Recorder implements SessionEvents, Output {

    final List<String> events = new ArrayList<>();
    private ByteArrayOutputStream written = new ByteArrayOutputStream();
    boolean leaves = true;
    boolean consumes = true;
    private @Nullable Session session;
    private int dataStream;

    void over(Session of) {
        session = of;
    }

    /** What was written since it was asked last. */
    byte[] take() {
        byte[] bytes = written.toByteArray();
        written = new ByteArrayOutputStream();
        return bytes;
    }

    /** What happened since it was asked last. */
    List<String> heard() {
        List<String> heard = List.copyOf(events);
        events.clear();
        dataStream = 0;
        return heard;
    }

    private void note(String event) {
        dataStream = 0;
        events.add(event);
    }

    private static String text(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1).replace("\r\n", "|");
    }

    @Override
    public void write(byte[] bytes, int from, int to) {
        written.write(bytes, from, to - from);
    }

    @Override
    public boolean writable() {
        return leaves;
    }

    @Override
    public void head(int stream, byte[] bytes, int from, int to, boolean end) {
        note(stream + " head " + text(bytes, from, to) + (end ? " end" : ""));
    }

    @Override
    public void headTooLarge(int stream, boolean end) {
        note(stream + " head too large" + (end ? " end" : ""));
    }

    @Override
    public void data(int stream, byte[] bytes, int from, int to, boolean end) {
        String part = text(bytes, from, to) + (end ? " end" : "");
        if (dataStream == stream) {
            events.add(events.removeLast() + part);
        } else {
            note(stream + " data " + part);
        }
        dataStream = end ? 0 : stream;
        Session of = session;
        if (consumes && of != null) {
            of.consumed(stream, to - from);
        }
    }

    @Override
    public void trailers(int stream, byte[] fieldLines, int from, int to) {
        note(stream + " trailers " + text(fieldLines, from, to));
    }

    @Override
    public void reset(int stream, ErrorType code) {
        note(stream + " reset " + code);
    }

    @Override
    public void writable(int stream) {
        note(stream + " writable");
    }

    @Override
    public void goAway(int lastStream, ErrorType code) {
        note("go away " + lastStream + " " + code);
    }

    @Override
    public void streamsAllowed(int count) {
        note("streams allowed " + count);
    }
}
