package dev.weft.http.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.ssl.SslHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/** Makes outgoing connections: looks the name up where there is one, connects, shakes hands. */
final class Connecting {

    private Connecting() {}

    static Connection start(Loop loop, Destination destination, ConnectionHandler handler, long deadlineNanos) {
        Channel channel = loop.transport().newChannel(loop);
        Connection connection = new Connection(loop, channel, handler);
        connection.whenOpen(destination::made);
        ChannelPipeline pipeline = channel.pipeline();
        Optional<ClientTls> tls = destination.tls();
        if (tls.isPresent()) {
            SslHandler handshake = tls.get().handler(channel, destination);
            handshake.setHandshakeTimeoutMillis(0); // the connection's deadline holds
            pipeline.addLast(handshake);
            if (tls.get().mesh()) {
                loop.transport().captureFirst(pipeline, false);
            }
        }
        pipeline.addLast(new ChannelEvents(connection, tls.isPresent(), destination.expectedUri()));
        EventLoopGroup netty = loop.netty();
        var _ = netty.register(channel);
        connection.deadline(deadlineNanos);
        try {
            connect(
                    connection,
                    new InetSocketAddress(InetAddress.ofLiteral(destination.address()), destination.port()));
        } catch (IllegalArgumentException _) {
            Thread.ofVirtual().name("lookup-" + destination.address()).start(() -> lookUp(connection, destination));
        }
        return connection;
    }

    private static void lookUp(Connection connection, Destination destination) {
        try {
            InetAddress found = InetAddress.getByName(destination.address());
            connection.loop().execute(() -> connect(connection, new InetSocketAddress(found, destination.port())));
        } catch (UnknownHostException _) {
            Closure unknown =
                    new Closure(Closure.Kind.NOT_CONNECTED, "the name " + destination.address() + " is not known");
            connection.loop().execute(() -> connection.fail(unknown));
        }
    }

    private static void connect(Connection connection, InetSocketAddress address) {
        ChannelFuture connecting = connection.channel().connect(address);
        connecting.addListener(done -> {
            if (!done.isSuccess()) {
                String why = done.cause() == null
                        ? "cancelled"
                        : String.valueOf(done.cause().getMessage());
                connection.fail(new Closure(Closure.Kind.NOT_CONNECTED, why));
            }
        });
    }
}
