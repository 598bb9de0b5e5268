package dev.weft.http.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.RawUnixChannelOption;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where a connection was meant to go before a REDIRECT rule brought it to this machine's loopback (SO_ORIGINAL_DST). */
final class OriginalDestination {

    private static final Logger LOG = LoggerFactory.getLogger(OriginalDestination.class);

    /** {@code struct sockaddr_in}: the port at 2, the address at 4. */
    private static final RawUnixChannelOption IN = new RawUnixChannelOption("SO_ORIGINAL_DST", 0, 80, 16);

    /** {@code struct sockaddr_in6}: the port at 2, the address at 8. */
    private static final RawUnixChannelOption IN_6 = new RawUnixChannelOption("IP6T_SO_ORIGINAL_DST", 41, 80, 28);

    private OriginalDestination() {}

    /** The local address, where no rule changed it. */
    static InetSocketAddress of(Channel accepted) {
        InetSocketAddress local = (InetSocketAddress) accepted.localAddress();
        if (!(accepted instanceof EpollSocketChannel) || !local.getAddress().isLoopbackAddress()) {
            return local;
        }
        boolean four = local.getAddress() instanceof Inet4Address;
        try {
            ByteBuffer told = accepted.config().getOption(four ? IN : IN_6);
            byte[] address = new byte[four ? 4 : 16];
            told.get(four ? 4 : 8, address);
            return new InetSocketAddress(InetAddress.getByAddress(address), told.getChar(2));
        } catch (ChannelException | UnknownHostException e) {
            LOG.trace("{} was not redirected", accepted, e);
            return local;
        }
    }
}
