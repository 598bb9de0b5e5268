package dev.weft.http.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.io.IOException;
import java.security.cert.CertificateException;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** The last handler in a channel's pipeline: turns Netty's events into a {@link Connection}'s. */
final class ChannelEvents extends ChannelInboundHandlerAdapter {

    private final Connection connection;
    private final Optional<Destination> destination;
    private final long generation;
    private boolean secured;

    /** Of a connection that came in. */
    ChannelEvents(Connection connection, boolean secured) {
        this(connection, secured, Optional.empty(), 0);
    }

    /** Of one that is made, with the credentials of now. */
    ChannelEvents(Connection connection, Destination destination) {
        this(connection, destination.tls().isPresent(), Optional.of(destination), destination.generation());
    }

    private ChannelEvents(Connection connection, boolean secured, Optional<Destination> destination, long generation) {
        this.connection = connection;
        this.secured = secured;
        this.destination = destination;
        this.generation = generation;
    }

    /** The handshake is yet to come. */
    void secure() {
        secured = true;
    }

    /** Whether TLS is spoken here, or about to be. */
    boolean secured() {
        return secured;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        if (!secured) {
            connection.open(Optional.empty());
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            connection.endInput();
            return;
        }
        if (event instanceof SslHandshakeCompletionEvent handshake) {
            SslHandler handler = context.pipeline().get(SslHandler.class);
            if (handshake.isSuccess() && handler != null) {
                shaken(TlsSession.of(
                        handler.engine(), handler.applicationProtocol(), ServerTls.chosen(context.channel())));
            } else {
                connection.fail(tls(handshake.cause()));
            }
        }
    }

    private void shaken(TlsSession session) {
        Optional<String> refusal = destination.flatMap(peer -> peer.refusal(session, generation));
        if (refusal.isPresent()) {
            connection.fail(new Closure(Closure.Kind.TLS, refusal.get()));
        } else {
            connection.open(Optional.of(session));
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        connection.read((ByteBuf) message);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        connection.writabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        connection.ended();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (sslCause(cause) != null || (secured && !connection.opened())) {
            connection.fail(tls(cause));
        } else if (cause instanceof IOException) {
            connection.fail(new Closure(Closure.Kind.PEER, String.valueOf(cause.getMessage())));
        } else {
            connection.loop().bug("connection " + connection.remoteAddress(), cause);
            connection.fail(new Closure(Closure.Kind.BUG, "a bug: " + cause));
        }
    }

    /** Says the innermost reason, or ours where it is about a certificate. */
    private static Closure tls(@Nullable Throwable cause) {
        Throwable shown = cause;
        while (shown != null && shown.getCause() != null && !(shown instanceof CertificateException)) {
            shown = shown.getCause();
        }
        return new Closure(
                Closure.Kind.TLS, shown == null ? "the handshake failed" : String.valueOf(shown.getMessage()));
    }

    private static @Nullable SSLException sslCause(Throwable cause) {
        for (Throwable each = cause; each != null; each = each.getCause()) {
            if (each instanceof SSLException ssl) {
                return ssl;
            }
        }
        return null;
    }
}
