package dev.weft.apiserver.stream;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Optional;

/** The server's side of one WebSocket (RFC 6455), without extensions. Reads on one thread; writes from any. */
public final class WebSocket {

    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int MESSAGE_BYTES_MAX = 1 << 20;
    private static final int CONTINUATION = 0;
    private static final int TEXT = 1;
    private static final int BINARY = 2;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;

    private final DataInputStream in;
    private final OutputStream out;
    private boolean closing;

    public WebSocket(InputStream in, OutputStream out) {
        this.in = new DataInputStream(in);
        this.out = out;
    }

    /** What {@code Sec-WebSocket-Accept} says to a client's key (section 4.2.2). */
    public static String accept(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-1", e);
        }
    }

    /** The next message, text or binary; empty when the client has closed. Answers pings meanwhile. */
    Optional<byte[]> read() throws IOException {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        while (true) {
            int first = in.read();
            if (first < 0) {
                return Optional.empty();
            }
            int opcode = first & 0x0f;
            byte[] payload = payload(message.size());
            switch (opcode) {
                case CLOSE -> {
                    close(1000, "");
                    return Optional.empty();
                }
                case PING -> send(PONG, payload, 0, payload.length);
                case PONG -> {
                    // it lives
                }
                default -> {
                    if (opcode > BINARY
                            || (opcode == CONTINUATION && message.size() == 0 && payload.length > 0 && first > 0x80)) {
                        throw new IOException("unexpected WebSocket frame " + opcode);
                    }
                    message.writeBytes(payload);
                    if ((first & 0x80) != 0) {
                        return Optional.of(message.toByteArray());
                    }
                }
            }
        }
    }

    /** Sends a binary message. */
    void write(byte[] bytes, int offset, int length) throws IOException {
        send(BINARY, bytes, offset, length);
    }

    void writeText(byte[] utf8) throws IOException {
        send(TEXT, utf8, 0, utf8.length);
    }

    void ping() throws IOException {
        send(PING, new byte[0], 0, 0);
    }

    /** Says goodbye, once. */
    void close(int code, String reason) throws IOException {
        synchronized (this) {
            if (closing) {
                return;
            }
            closing = true;
        }
        byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        byte[] payload = new byte[2 + Math.min(text.length, 100)];
        payload[0] = (byte) (code >> 8);
        payload[1] = (byte) code;
        System.arraycopy(text, 0, payload, 2, payload.length - 2);
        send(CLOSE, payload, 0, payload.length);
    }

    private byte[] payload(int before) throws IOException {
        int second = in.readUnsignedByte();
        long length = second & 0x7f;
        if (length == 126) {
            length = in.readUnsignedShort();
        } else if (length == 127) {
            length = in.readLong();
        }
        if (length < 0 || before + length > MESSAGE_BYTES_MAX) {
            throw new IOException("a WebSocket message of more than " + MESSAGE_BYTES_MAX + " bytes");
        }
        if ((second & 0x80) == 0) {
            throw new IOException("a client's WebSocket frame without a mask");
        }
        byte[] mask = in.readNBytes(4);
        byte[] payload = in.readNBytes((int) length);
        if (payload.length < length || mask.length < 4) {
            throw new IOException("the WebSocket ended in the middle of a frame");
        }
        for (int i = 0; i < payload.length; i++) {
            payload[i] ^= mask[i & 3];
        }
        return payload;
    }

    private void send(int opcode, byte[] bytes, int offset, int length) throws IOException {
        ByteArrayOutputStream frame = new ByteArrayOutputStream(length + 10);
        frame.write(0x80 | opcode);
        if (length < 126) {
            frame.write(length);
        } else if (length < 1 << 16) {
            frame.write(126);
            frame.write(length >> 8);
            frame.write(length);
        } else {
            frame.write(127);
            for (int shift = 56; shift >= 0; shift -= 8) {
                frame.write((int) ((long) length >> shift));
            }
        }
        frame.write(bytes, offset, length);
        byte[] whole = frame.toByteArray();
        out.write(whole, 0, whole.length);
    }
}
