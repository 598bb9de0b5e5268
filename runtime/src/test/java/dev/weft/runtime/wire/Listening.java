package dev.weft.runtime.wire;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.weft.runtime.linux.Sockets;
import dev.weft.runtime.namespace.PodNamespace;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/** Accepts on a descriptor and tells what each connection asked for, where Java has no word for that. */
final class Listening implements AutoCloseable {

    private static final int ADDRESS_6_BYTES = 28;

    private final int descriptor;

    Listening(int descriptor) {
        this.descriptor = descriptor;
    }

    @SuppressWarnings("restricted") // a test may call the kernel
    private static MethodHandle function(String name, MemoryLayout... arguments) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow(name), FunctionDescriptor.of(JAVA_INT, arguments));
    }

    /** The local address of the next connection, {@code address port}; waits for it and closes it. */
    String nextAsked() throws UnknownHostException {
        int accepted = accept();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(ADDRESS_6_BYTES);
            MemorySegment length = arena.allocateFrom(JAVA_INT, ADDRESS_6_BYTES);
            MethodHandle name = function("getsockname", JAVA_INT, ADDRESS, ADDRESS);
            if ((int) name.invokeExact(accepted, address, length) != 0) {
                throw new IllegalStateException("getsockname");
            }
            byte[] bytes = address.toArray(JAVA_BYTE);
            byte[] own = Arrays.copyOfRange(bytes, 8, 24);
            if (port(bytes) == PodNamespace.STEERED_PORT) {
                return redirected(accepted, InetAddress.getByAddress(own) instanceof Inet4Address);
            }
            return InetAddress.getByAddress(own).getHostAddress() + " "
                    + port(bytes); // of a mapped address, the IPv4 one
        } catch (UnknownHostException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        } finally {
            Sockets.close(accepted);
        }
    }

    private static int port(byte[] address) {
        return ((address[2] & 0xff) << 8) | (address[3] & 0xff);
    }

    /** SO_ORIGINAL_DST. */
    private static String redirected(int accepted, boolean four) throws Throwable {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(ADDRESS_6_BYTES);
            MemorySegment length = arena.allocateFrom(JAVA_INT, ADDRESS_6_BYTES);
            MethodHandle option = function("getsockopt", JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS);
            if ((int) option.invokeExact(accepted, four ? 0 : 41, 80, address, length) != 0) {
                throw new IllegalStateException("getsockopt");
            }
            byte[] bytes = address.toArray(JAVA_BYTE);
            byte[] own = four ? Arrays.copyOfRange(bytes, 4, 8) : Arrays.copyOfRange(bytes, 8, 24);
            return InetAddress.getByAddress(own).getHostAddress() + " " + port(bytes);
        }
    }

    private int accept() {
        MethodHandle accept = function("accept", JAVA_INT, ADDRESS, ADDRESS);
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (System.nanoTime() - end < 0) {
            try {
                int accepted = (int) accept.invokeExact(descriptor, MemorySegment.NULL, MemorySegment.NULL);
                if (accepted >= 0) {
                    return accepted;
                }
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
            LockSupport.parkNanos(5_000_000);
        }
        throw new AssertionError("nobody connected");
    }

    @Override
    public void close() {
        Sockets.close(descriptor);
    }
}
