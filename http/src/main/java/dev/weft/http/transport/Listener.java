package dev.weft.http.transport;

import io.netty.channel.Channel;
import java.net.InetSocketAddress;

/** A bound port. Its connections are spread over all loops in turn. */
public final class Listener implements AutoCloseable {

    private final Channel channel;

    Listener(Channel channel) {
        this.channel = channel;
    }

    /** The port it is bound to, also when 0 was asked for. */
    public int port() {
        return ((InetSocketAddress) channel.localAddress()).getPort();
    }

    /** Stops accepting; connections that were accepted stay. From any thread but a loop; waits until the port is free. */
    @Override
    public void close() {
        channel.close().syncUninterruptibly();
    }
}
