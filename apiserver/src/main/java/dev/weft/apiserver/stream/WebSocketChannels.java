package dev.weft.apiserver.stream;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The channels of {@code v4.channel.k8s.io} and {@code v5}: the first byte of each message names its channel. */
public final class WebSocketChannels {

    private static final int CLOSE_CHANNEL = 255;

    private final WebSocket socket;
    private final Map<Integer, Numbered> channels = new ConcurrentHashMap<>();

    public WebSocketChannels(WebSocket socket) {
        this.socket = socket;
    }

    /** One of them; the same for the same number. */
    public Channel channel(int number) {
        return channels.computeIfAbsent(number, Numbered::new);
    }

    /** Hands on what comes until the client goes; then every channel ends. */
    public void read() throws IOException {
        try {
            for (Optional<byte[]> next = socket.read(); next.isPresent(); next = socket.read()) {
                byte[] message = next.get();
                int number = message.length == 0 ? -1 : message[0] & 0xff;
                if (number == CLOSE_CHANNEL && message.length > 1) {
                    Optional.ofNullable(channels.get(message[1] & 0xff)).ifPresent(channel -> channel.pipe.end());
                } else if (channels.containsKey(number)) {
                    channels.get(number).pipe.put(Arrays.copyOfRange(message, 1, message.length));
                }
            }
        } finally {
            channels.values().forEach(channel -> channel.pipe.end());
        }
    }

    public void ping() throws IOException {
        socket.ping();
    }

    public void close() throws IOException {
        socket.close(1000, "");
    }

    private final class Numbered implements Channel {

        private final int number;
        private final Pipe pipe = new Pipe();

        Numbered(int number) {
            this.number = number;
        }

        @Override
        public InputStream input() {
            return pipe;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            byte[] message = new byte[length + 1];
            message[0] = (byte) number;
            System.arraycopy(bytes, offset, message, 1, length);
            socket.write(message, 0, message.length);
        }

        @Override
        public void finish() {
            // only the whole WebSocket has an end
        }
    }
}
