package dev.weft.http.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.TimeUnit;

/**
 * How a connection ends its output: the last writes, then the end that the peer can tell from a cut. Owner: the connection's
 * loop.
 */
final class Farewell {

    private static final long LAST_WRITES_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Connection connection;
    private final Writes writes;
    private boolean lingering;
    private boolean outputEnded;

    Farewell(Connection connection, Writes writes) {
        this.connection = connection;
        this.writes = writes;
    }

    /** Whether it is only waited for the peer to take the last writes and to close. */
    boolean lingering() {
        return lingering;
    }

    /** Whether nothing more is written, by {@link #endOutput}. */
    boolean outputEnded() {
        return outputEnded;
    }

    /** See {@link Connection#closeAfterWrites}. */
    void linger() {
        lingering = true;
        ChannelFuture said = sayLast();
        connection.reading(true);
        connection.deadline(System.nanoTime() + LAST_WRITES_NANOS);
        var _ = said.addListener(_ -> awaitPeer());
    }

    private void awaitPeer() {
        if (connection.inputEnded()) {
            connection.close();
            return;
        }
        connection.deadline(System.nanoTime() + LINGER_NANOS);
        shutdownOutput();
    }

    /** See {@link Connection#endOutput}. */
    void endOutput() {
        var _ = sayLast().addListener(_ -> {
            outputEnded = true;
            if (connection.inputEnded()) {
                connection.close();
            } else {
                shutdownOutput();
            }
        });
    }

    private ChannelFuture sayLast() {
        Channel channel = connection.channel();
        ChannelFuture said = channel.writeAndFlush(writes.take());
        SslHandler secured = channel.pipeline().get(SslHandler.class);
        return secured == null ? said : secured.closeOutbound(); // so that the peer can tell the end from a cut
    }

    private void shutdownOutput() {
        if (connection.channel() instanceof DuplexChannel duplex && duplex.isActive()) {
            var _ = duplex.shutdownOutput();
        }
    }
}
