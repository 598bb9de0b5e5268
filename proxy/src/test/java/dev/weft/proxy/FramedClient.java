package dev.weft.proxy;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/** Speaks {@code weft-tcp/1}, as another proxy does who opens an opaque stream. */
final class FramedClient implements Closeable {

    static final String PROTOCOL = "weft-tcp/1";
    static final int DATA = 0;
    static final int OPENED = 1;
    static final int REFUSED = 2;
    static final int ENDED = 3;
    static final int BROKEN = 4;

    private static final int NAMED = 5;
    private static final int GONE = -1;

    private final Socket socket;
    private final DataInputStream in;

    FramedClient(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(socket.getInputStream());
        send(NAMED, "a-stream");
    }

    /** One frame; {@link #isGone} when the connection ended in its place. */
    record Frame(int type, String text) {
        boolean isGone() {
            return type == GONE;
        }
    }

    Frame read() throws IOException {
        try {
            int head = in.readInt();
            byte[] text = in.readNBytes(head & 0xffffff);
            return new Frame(head >>> 24, new String(text, StandardCharsets.ISO_8859_1));
        } catch (EOFException | SocketException _) {
            return new Frame(GONE, "");
        }
    }

    /** In one frame; {@code |} ends a line. */
    FramedClient send(String text) throws IOException {
        return send(DATA, text);
    }

    private FramedClient send(int type, String text) throws IOException {
        byte[] bytes = text.replace("|", "\r\n").getBytes(StandardCharsets.ISO_8859_1);
        byte[] frame = new byte[4 + bytes.length];
        frame[0] = (byte) type;
        frame[2] = (byte) (bytes.length >> 8);
        frame[3] = (byte) bytes.length;
        System.arraycopy(bytes, 0, frame, 4, bytes.length);
        try {
            socket.getOutputStream().write(frame);
            socket.getOutputStream().flush();
        } catch (SocketException _) {
            // the peer has hung up, which is no failure here: what can be read tells
        }
        return this;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
