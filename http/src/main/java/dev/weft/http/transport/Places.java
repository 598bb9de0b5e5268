package dev.weft.http.transport;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** Who is at a connection's other end, and for whom that end speaks. Owner: the connection's loop. */
final class Places {

    private final Connection connection;
    private String client = "";
    private String peer = "";

    Places(Connection connection) {
        this.connection = connection;
    }

    /** The numeric {@code address:port} of the client; the peer's, as long as it speaks for nobody else. */
    String client() {
        if (client.isEmpty()) {
            client = text(connection.channel().remoteAddress());
        }
        return client;
    }

    /** From now on the peer speaks for this one. */
    void client(String address) {
        peer = client();
        client = address;
    }

    String peer() {
        return peer.isEmpty() ? client() : peer;
    }

    private static String text(@Nullable SocketAddress address) {
        return address instanceof InetSocketAddress socket && socket.getAddress() != null
                ? socket.getAddress().getHostAddress() + ":" + socket.getPort()
                : "";
    }
}
