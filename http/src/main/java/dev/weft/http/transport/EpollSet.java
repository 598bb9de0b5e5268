package dev.weft.http.transport;

import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollSocketChannel;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a channel in its loop's epoll set. Netty 4.2.18 takes a channel out that waits for nothing: one whose peer has sent
 * its last byte while nobody reads. It then believes that the channel is still in, so that reading on fails, and what the
 * peer sent last is lost. A channel that also waits for {@code EPOLLMSG}, which the kernel never reports, never waits for
 * nothing.
 */
final class EpollSet {

    private static final Logger LOG = LoggerFactory.getLogger(EpollSet.class);
    private static final int EPOLLMSG = 0x400;
    private static final @Nullable MethodHandle SET_FLAG = setFlag();

    private EpollSet() {}

    static void keep(Channel channel) {
        if (SET_FLAG != null && channel instanceof EpollSocketChannel) {
            try {
                SET_FLAG.invoke(channel, EPOLLMSG);
            } catch (Throwable e) {
                throw new IllegalStateException("epoll refuses a channel", e);
            }
        }
    }

    private static @Nullable MethodHandle setFlag() {
        try {
            for (Class<?> type = EpollSocketChannel.class; type != null; type = type.getSuperclass()) {
                if (type.getSimpleName().equals("AbstractEpollChannel")) {
                    Method method = type.getDeclaredMethod("setFlag", int.class);
                    method.setAccessible(true);
                    return MethodHandles.lookup().unreflect(method);
                }
            }
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.warn("Netty's epoll channel has changed inside: see whether this class is still needed", e);
        }
        return null;
    }
}
