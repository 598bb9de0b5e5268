package dev.weft.proxy.tcp;

import dev.weft.http.transport.Closure;
import dev.weft.http.transport.Connection;
import dev.weft.http.transport.ConnectionHandler;
import dev.weft.http.transport.Received;
import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.policy.AddressRange;
import dev.weft.proxy.exchange.Entrance;
import dev.weft.proxy.exchange.Worker;
import dev.weft.proxy.relay.ProxyHeader;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A connection from a load balancer that says first who its client is ({@link ProxyHeader}). Whoever may not say that, says it
 * wrongly or too slowly is refused. Owner: the connection's loop.
 */
final class Announced implements ConnectionHandler {

    private final Worker worker;
    private final Entrance entrance;
    private final List<AddressRange> announcers;
    private final ConnectionHandler next;
    private byte[] bytes = {};
    private @Nullable Connection connection;

    /** @param next whose connection it is once the header has been read */
    Announced(Worker worker, Entrance entrance, List<AddressRange> announcers, ConnectionHandler next) {
        this.worker = worker;
        this.entrance = entrance;
        this.announcers = announcers;
        this.next = next;
    }

    @Override
    public void opened(Connection opened) {
        connection = opened;
        InetAddress peer = InetAddress.ofLiteral(address(opened.remoteAddress()));
        if (announcers.stream().anyMatch(range -> range.contains(peer))) {
            long patience = worker.view()
                    .snapshot()
                    .edgeRules()
                    .clients()
                    .patience()
                    .head()
                    .toNanos();
            opened.deadline(System.nanoTime() + patience);
        } else {
            refuse("it is none of those who may say who the client is");
        }
    }

    private static String address(String place) {
        return place.substring(0, Math.max(0, place.lastIndexOf(':')));
    }

    @Override
    public void received(Received more) {
        int before = bytes.length;
        bytes = Arrays.copyOf(bytes, before + more.length());
        more.copy(0, more.length(), bytes, before);
        Optional<ProxyHeader> found = ProxyHeader.look(bytes, bytes.length);
        if (found.isPresent()) {
            switch (found.get()) {
                case ProxyHeader.Read read -> proceed(read);
                case ProxyHeader.Refused refused -> refuse("it " + refused.reason());
            }
        }
    }

    private void proceed(ProxyHeader.Read header) {
        Connection open = connection();
        if (!header.client().isEmpty()) {
            open.client(header.client());
        }
        open.deadline(0);
        open.handler(next);
        next.opened(open);
        open.replayUnread(bytes, header.length(), bytes.length);
    }

    @Override
    public void timedOut() {
        refuse("its PROXY header was not whole in time");
    }

    private void refuse(String detail) {
        Refusals.tell(worker, entrance, connection(), ErrorCode.PROXY_HEADER_REFUSED, detail);
        connection().reset();
    }

    private Connection connection() {
        Connection open = connection;
        if (open == null) {
            throw new IllegalStateException("not open");
        }
        return open;
    }

    @Override
    public void writabilityChanged() {}

    @Override
    public void closed(Closure closure) {}
}
