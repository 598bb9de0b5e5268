package dev.weft.runtime.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Sockets that Java cannot make; they belong to the calling thread's network namespace. The caller closes descriptors. */
public final class Sockets {

    private static final int INTERNET_6 = 10;
    private static final int STREAM = 1 | 0x800 | 0x80000; // SOCK_NONBLOCK, SOCK_CLOEXEC
    private static final int LEVEL_SOCKET = 1;
    private static final int REUSE_ADDRESS = 2;
    private static final int LEVEL_IP = 0;
    private static final int TRANSPARENT = 19;
    private static final int LEVEL_IPV6 = 41;
    private static final int TRANSPARENT_6 = 75;
    private static final int ONLY_6 = 26;
    private static final int DUPLICATE_CLOEXEC = 1030;
    private static final int BACKLOG = 4096;

    private Sockets() {}

    /**
     * Listens on a port of all addresses, of both families. Where destinations are kept, also for connections to addresses
     * that are nobody's: the local address of an accepted connection is the one that was asked for. ip(7), IP_TRANSPARENT.
     */
    public static int listen(int port, Steering.Way way) throws KernelRefusal {
        int descriptor = Libc.socket(INTERNET_6, STREAM, 0, "socket");
        try {
            Libc.setsockopt(descriptor, LEVEL_SOCKET, REUSE_ADDRESS, 1, "setsockopt SO_REUSEADDR");
            Libc.setsockopt(descriptor, LEVEL_IPV6, ONLY_6, 0, "setsockopt IPV6_V6ONLY");
            if (way == Steering.Way.KEPT) {
                Libc.setsockopt(descriptor, LEVEL_IP, TRANSPARENT, 1, "setsockopt IP_TRANSPARENT");
                Libc.setsockopt(descriptor, LEVEL_IPV6, TRANSPARENT_6, 1, "setsockopt IPV6_TRANSPARENT");
            }
            byte[] any = new byte[28]; // struct sockaddr_in6
            ByteBuffer.wrap(any)
                    .order(ByteOrder.nativeOrder())
                    .putShort((short) INTERNET_6)
                    .order(ByteOrder.BIG_ENDIAN)
                    .putShort((short) port);
            Libc.bind(descriptor, any, "bind port " + port);
            Libc.listen(descriptor, BACKLOG);
            return descriptor;
        } catch (KernelRefusal e) {
            close(descriptor);
            throw e;
        }
    }

    /** Another descriptor of the same socket. */
    public static int duplicate(int descriptor) throws KernelRefusal {
        return Libc.fcntl(descriptor, DUPLICATE_CLOEXEC, 3);
    }

    /** Closes a descriptor; one that is closed already is closed. */
    public static void close(int descriptor) {
        try {
            Libc.close(descriptor);
        } catch (KernelRefusal _) {
            // there is nothing left to close
        }
    }
}
