package dev.weft.apiserver.stream;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;

/** One byte stream in the messages of a WebSocket: how today's kubectl carries SPDY. */
public final class Tunnel {

    private final WebSocket socket;

    public Tunnel(WebSocket socket) {
        this.socket = socket;
    }

    public InputStream input() {
        return new InputStream() {

            private byte[] message = new byte[0];
            private int taken;

            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                if (length == 0) {
                    return 0; // readNBytes(0) asks, and must not wait
                }
                while (taken == message.length) {
                    Optional<byte[]> next = socket.read();
                    if (next.isEmpty()) {
                        return -1;
                    }
                    message = next.get();
                    taken = 0;
                }
                int count = Math.min(length, message.length - taken);
                System.arraycopy(message, taken, into, offset, count);
                taken += count;
                return count;
            }
        };
    }

    public OutputStream output() {
        return new OutputStream() {

            @Override
            public void write(int one) throws IOException {
                write(new byte[] {(byte) one}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                socket.write(bytes, offset, length);
            }
        };
    }
}
