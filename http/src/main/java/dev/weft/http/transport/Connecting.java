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
        Optional<? extends Network> network = destination.network();
        if (network.isEmpty()) {
            begin(connection, destination);
        } else {
            register(loop, channel); // until there is a socket of that network
            beginWithin(network.get(), connection, destination);
        }
        connection.deadline(deadlineNanos);
        return connection;
    }

    private static void beginWithin(Network network, Connection connection, Destination destination) {
        Loop loop = connection.loop();
        boolean asked = network.execute(() -> {
            try {
                Channel made = loop.transport().newChannel(loop);
                boolean runs = loop.execute(() -> {
                    if (connection.continueWith(made)) {
                        begin(connection, destination);
                    } else {
                        made.unsafe().closeForcibly();
                    }
                });
                if (!runs) {
                    made.unsafe().closeForcibly();
                }
            } catch (RuntimeException e) { // no more descriptors, for example
                loop.execute(() -> gone(connection, String.valueOf(e.getMessage())));
            }
        });
        if (!asked) {
            loop.execute(() -> gone(connection, "its network is gone"));
        }
    }

    private static void gone(Connection connection, String why) {
        connection.fail(new Closure(Closure.Kind.NOT_CONNECTED, why));
    }

    private static void begin(Connection connection, Destination destination) {
        Loop loop = connection.loop();
        Channel channel = connection.channel();
        ChannelPipeline pipeline = channel.pipeline();
        Optional<ClientTls> tls = destination.tls();
        ChannelEvents events = new ChannelEvents(connection, destination); // before the handshake picks its credentials
        if (tls.isPresent()) {
            SslHandler handshake = tls.get().handler(channel, destination);
            handshake.setHandshakeTimeoutMillis(0); // the connection's deadline holds
            pipeline.addLast(handshake);
            if (tls.get().mesh()) {
                loop.transport().captureFirst(pipeline, false);
            }
        }
        pipeline.addLast(events);
        register(loop, channel);
        try {
            connect(
                    connection,
                    new InetSocketAddress(InetAddress.ofLiteral(destination.address()), destination.port()));
        } catch (IllegalArgumentException _) {
            Thread.ofVirtual().name("lookup-" + destination.address()).start(() -> lookUp(connection, destination));
        }
    }

    private static void register(Loop loop, Channel channel) {
        EventLoopGroup netty = loop.netty();
        var _ = netty.register(channel);
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
