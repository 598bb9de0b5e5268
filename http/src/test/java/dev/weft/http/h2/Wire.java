package dev.weft.http.h2;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A scripted peer: writes frames by hand to a session, and reads its answers as text. */
final class Wire {

    static final byte[] NONE = {};

    final Recorder heard = new Recorder();
    final Session session;
    private final boolean server;
    private final SessionOptions options;
    boolean open = true;
    long now = 1;

    private Wire(boolean server, SessionOptions options) {
        this.server = server;
        this.options = options;
        this.session = server ? Session.server(options, heard, heard) : Session.client(options, heard, heard);
        heard.over(session);
        session.start(now);
    }

    /** A server's session that has shaken hands. */
    static Wire toServer(SessionOptions options) {
        Wire wire = new Wire(true, options);
        wire.raw(FrameReader.PREFACE);
        return wire.shaken();
    }

    static Wire toServer() {
        return toServer(SessionOptions.DEFAULT);
    }

    /** A client's session that has shaken hands. */
    static Wire toClient() {
        return new Wire(false, SessionOptions.DEFAULT).shaken();
    }

    private Wire shaken() {
        send(Frames.SETTINGS, 0, 0, NONE);
        send(Frames.SETTINGS, Frames.ACK, 0, NONE);
        answers();
        heard.heard();
        return this;
    }

    void raw(byte[] bytes) {
        open = session.receive(bytes, 0, bytes.length, now);
    }

    void send(int type, int flags, int stream, byte[] payload) {
        raw(frame(type, flags, stream, payload));
    }

    static byte[] frame(int type, int flags, int stream, byte[] payload) {
        byte[] frame = new byte[Frames.HEADER_BYTES + payload.length];
        Frames.header(frame, 0, payload.length, type, flags, stream);
        System.arraycopy(payload, 0, frame, Frames.HEADER_BYTES, payload.length);
        return frame;
    }

    /** A whole HEADERS frame; fields as {@code name=value}. */
    void headers(int stream, boolean end, String... fields) {
        int flags = Frames.END_HEADERS | (end ? Frames.END_STREAM : 0);
        send(Frames.HEADERS, flags, stream, block(fields));
    }

    void get(int stream) {
        headers(stream, true, ":method=GET", ":scheme=http", ":path=/", ":authority=a");
    }

    void post(int stream, String... more) {
        List<String> fields = new ArrayList<>(List.of(":method=POST", ":scheme=http", ":path=/", ":authority=a"));
        fields.addAll(List.of(more));
        headers(stream, false, fields.toArray(String[]::new));
    }

    void data(int stream, String text, boolean end) {
        send(Frames.DATA, end ? Frames.END_STREAM : 0, stream, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    static byte[] block(String... fields) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (String field : fields) {
            int equals = field.indexOf('=', 1);
            out.write(0);
            literal(out, field.substring(0, equals));
            literal(out, field.substring(equals + 1));
        }
        return out.toByteArray();
    }

    private static void literal(ByteArrayOutputStream out, String text) {
        int length = text.length();
        if (length < 127) {
            out.write(length);
        } else {
            out.write(127);
            int rest = length - 127;
            for (; rest >= 128; rest >>>= 7) {
                out.write(rest | 0x80);
            }
            out.write(rest);
        }
        out.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    static byte[] number(int value) {
        byte[] bytes = new byte[4];
        Characters.INT.set(bytes, 0, value);
        return bytes;
    }

    static byte[] setting(int name, int value) {
        byte[] bytes = new byte[6];
        bytes[1] = (byte) name;
        Characters.INT.set(bytes, 2, value);
        return bytes;
    }

    /** The frames that the session has written since it was asked last. */
    List<String> answers() {
        byte[] bytes = heard.take();
        List<String> frames = new ArrayList<>();
        int at = !server && startsWithPreface(bytes) ? FrameReader.PREFACE.length : 0;
        while (at < bytes.length) {
            int first = Frames.number(bytes, at);
            int stream = Frames.number(bytes, at + 5);
            int payload = at + Frames.HEADER_BYTES;
            frames.add(text(first & 0xff, first >>> 8, bytes[at + 4], stream, bytes, payload));
            at = payload + (first >>> 8);
        }
        return frames;
    }

    private static boolean startsWithPreface(byte[] bytes) {
        return bytes.length > 3 && bytes[0] == 'P' && bytes[1] == 'R' && bytes[2] == 'I';
    }

    private static String text(int type, int length, int flags, int stream, byte[] bytes, int at) {
        String end = (flags & Frames.END_STREAM) != 0 ? " end" : "";
        return switch (type) {
            case Frames.DATA -> "DATA " + stream + " " + length + end;
            case Frames.HEADERS -> "HEADERS " + stream + end;
            case Frames.RST_STREAM -> "RST_STREAM " + stream + " " + ErrorType.of(Frames.number(bytes, at));
            case Frames.SETTINGS -> "SETTINGS" + ((flags & Frames.ACK) != 0 ? " ack" : "");
            case Frames.PING -> "PING" + ((flags & Frames.ACK) != 0 ? " ack" : "");
            case Frames.GOAWAY ->
                "GOAWAY " + Frames.number(bytes, at) + " " + ErrorType.of(Frames.number(bytes, at + 4));
            case Frames.WINDOW_UPDATE -> "WINDOW_UPDATE " + stream + " " + Frames.number(bytes, at);
            default -> "type " + type;
        };
    }

    SessionOptions options() {
        return options;
    }
}
