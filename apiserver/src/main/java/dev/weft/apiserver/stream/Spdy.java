package dev.weft.apiserver.stream;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * The server's side of SPDY/3.1 as far as Kubernetes' clients use it: they open streams, both sides send. Reads on one
 * thread; {@code writing} guards what is sent and the state of compression.
 */
public final class Spdy {

    private static final int VERSION = 3;
    private static final int SYN_STREAM = 1;
    private static final int SYN_REPLY = 2;
    private static final int RST_STREAM = 3;
    private static final int PING = 6;
    private static final int GOAWAY = 7;
    private static final int FIN = 1;
    private static final int FRAME_BYTES_MAX = 1 << 20;
    private static final int STREAMS_MAX = 512;

    private final DataInputStream in;
    private final OutputStream out;
    private final SpdyHeaders headers = new SpdyHeaders();
    private final Map<Integer, Stream> streams = new ConcurrentHashMap<>();
    private final ReentrantLock writing = new ReentrantLock();
    private int pings;

    /** One stream, with what the client said of it: names in lower case. */
    public final class Stream implements Channel {

        private final int id;
        private final Map<String, String> said;
        private final Pipe pipe = new Pipe();
        private boolean finished;

        Stream(int id, Map<String, String> said) {
            this.id = id;
            this.said = said;
        }

        /** A header of its opening; empty when it has none of that name. */
        public String header(String name) {
            return said.getOrDefault(name, "");
        }

        @Override
        public InputStream input() {
            return pipe;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            data(id, 0, bytes, offset, length);
        }

        @Override
        public void finish() throws IOException {
            synchronized (this) {
                if (finished) {
                    return;
                }
                finished = true;
            }
            data(id, FIN, new byte[0], 0, 0);
        }
    }

    public Spdy(InputStream in, OutputStream out) {
        this.in = new DataInputStream(in);
        this.out = out;
    }

    /** Reads until the client goes; then every stream ends. */
    public void read(Consumer<Stream> opened) throws IOException {
        try {
            for (int first = in.read(); first >= 0; first = in.read()) {
                int rest = in.readUnsignedByte() << 16 | in.readUnsignedShort();
                int flags = in.readUnsignedByte();
                int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
                if (length > FRAME_BYTES_MAX) {
                    throw new IOException("a SPDY frame of " + length + " bytes");
                }
                byte[] payload = in.readNBytes(length);
                if (payload.length < length) {
                    return;
                }
                if ((first & 0x80) == 0) {
                    received((first & 0x7f) << 24 | rest, flags, payload);
                } else {
                    control(rest & 0xffff, flags, payload, opened);
                }
            }
        } finally {
            streams.values().forEach(stream -> stream.pipe.end());
            writing.lock();
            try {
                headers.close();
            } finally {
                writing.unlock();
            }
        }
    }

    public void ping() throws IOException {
        pings += 2; // a server's are even
        control(PING, number(pings));
    }

    private void received(int id, int flags, byte[] payload) throws IOException {
        Stream stream = streams.get(id);
        if (stream == null) {
            return; // it was reset
        }
        stream.pipe.put(payload);
        if ((flags & FIN) != 0) {
            stream.pipe.end();
        }
    }

    private void control(int type, int flags, byte[] payload, Consumer<Stream> opened) throws IOException {
        switch (type) {
            case SYN_STREAM -> {
                if (streams.size() >= STREAMS_MAX || payload.length < 10) {
                    throw new IOException("more than " + STREAMS_MAX + " SPDY streams, or a broken one");
                }
                int id = number(payload, 0);
                Stream stream = new Stream(id, headers.read(payload, 10));
                streams.put(id, stream);
                reply(id);
                if ((flags & FIN) != 0) {
                    stream.pipe.end();
                }
                opened.accept(stream);
            }
            case RST_STREAM -> forget(number(payload, 0));
            case PING -> {
                if (number(payload, 0) % 2 != 0) {
                    control(PING, payload);
                }
            }
            case GOAWAY -> {
                // it will go
            }
            default -> {
                // settings, windows and late headers mean nothing here
            }
        }
    }

    /** Forgets a stream that is over in both directions. */
    public void forget(Stream stream) {
        forget(stream.id);
    }

    private void forget(int id) {
        Stream stream = streams.remove(id);
        if (stream != null) {
            stream.pipe.end();
        }
    }

    private void reply(int id) throws IOException {
        writing.lock();
        try {
            ByteArrayOutputStream payload = new ByteArrayOutputStream();
            payload.writeBytes(number(id));
            payload.writeBytes(headers.none());
            control(SYN_REPLY, payload.toByteArray());
        } finally {
            writing.unlock();
        }
    }

    private void control(int type, byte[] payload) throws IOException {
        send(0x8000_0000 | VERSION << 16 | type, 0, payload, 0, payload.length);
    }

    private void data(int id, int flags, byte[] bytes, int offset, int length) throws IOException {
        send(id, flags, bytes, offset, length);
    }

    private void send(int head, int flags, byte[] bytes, int offset, int length) throws IOException {
        ByteArrayOutputStream frame = new ByteArrayOutputStream(length + 8);
        DataOutputStream data = new DataOutputStream(frame);
        data.writeInt(head);
        data.writeInt(flags << 24 | length);
        data.write(bytes, offset, length);
        byte[] whole = frame.toByteArray();
        writing.lock();
        try {
            out.write(whole, 0, whole.length);
        } finally {
            writing.unlock();
        }
    }

    private static byte[] number(int value) {
        return new byte[] {(byte) (value >> 24), (byte) (value >> 16), (byte) (value >> 8), (byte) value};
    }

    private static int number(byte[] bytes, int offset) throws IOException {
        if (bytes.length < offset + 4) {
            throw new IOException("a SPDY frame that is too short");
        }
        return (bytes[offset] & 0x7f) << 24
                | (bytes[offset + 1] & 0xff) << 16
                | (bytes[offset + 2] & 0xff) << 8
                | (bytes[offset + 3] & 0xff);
    }
}
