package dev.weft.proxy;

import dev.weft.model.workload.Workload;
import dev.weft.proxy.network.Meaning;
import dev.weft.proxy.network.Networks;
import dev.weft.proxy.network.PodNetwork;
import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The network of one pod, as a test has it: a socket of this machine that listens on every address, and sockets that are made
 * on a thread of its own. What an address means is said by {@code host:port}.
 */
final class OneNetwork implements PodNetwork, Networks, Closeable {

    private static final int INTERNET = 2;
    private static final int STREAM = 1 | 0x800; // SOCK_NONBLOCK

    private final String pod;
    private final int port;
    private final int descriptor;
    private final Map<String, Meaning> meanings = new ConcurrentHashMap<>();
    private final ExecutorService maker =
            Executors.newSingleThreadExecutor(Thread.ofPlatform().name("maker").factory());

    /** How many sockets were made in it. */
    final AtomicInteger made = new AtomicInteger();

    OneNetwork(Workload workload, int port) {
        this.pod = workload.namespace() + "/" + workload.name();
        this.port = port;
        this.descriptor = call("socket", INTERNET, STREAM, 0);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment any = arena.allocate(16); // struct sockaddr_in
            any.set(ValueLayout.JAVA_SHORT, 0, (short) INTERNET);
            any.set(ValueLayout.JAVA_BYTE, 2, (byte) (port >> 8));
            any.set(ValueLayout.JAVA_BYTE, 3, (byte) port);
            MethodHandle bind = function("bind", ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
            if ((int) bind.invokeExact(descriptor, any, 16) != 0) {
                throw new IllegalStateException("port " + port + " is taken");
            }
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
        call("listen", descriptor, 16);
    }

    @SuppressWarnings("restricted") // a test may call the kernel
    private static MethodHandle function(String name, java.lang.foreign.MemoryLayout... arguments) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow(name), FunctionDescriptor.of(ValueLayout.JAVA_INT, arguments));
    }

    private static int call(String name, Integer... numbers) {
        try {
            ValueLayout.OfInt[] layouts = new ValueLayout.OfInt[numbers.length];
            java.util.Arrays.fill(layouts, ValueLayout.JAVA_INT);
            return (int) function(name, layouts).invokeWithArguments((Object[]) numbers);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** What the pod's program reaches at this address, on the one port that there is. */
    OneNetwork means(String address, Meaning meaning) {
        meanings.put(address, meaning);
        return this;
    }

    int port() {
        return port;
    }

    @Override
    public Optional<PodNetwork> of(String asked) {
        return asked.equals(pod) ? Optional.of(this) : Optional.empty();
    }

    @Override
    public int listener() throws IOException {
        return call("dup", descriptor);
    }

    @Override
    public Meaning meaning(InetSocketAddress asked) {
        return meanings.getOrDefault(asked.getAddress().getHostAddress(), new Meaning.Nothing("nobody lives there"));
    }

    @Override
    public boolean execute(Runnable task) {
        made.incrementAndGet();
        maker.execute(task);
        return true;
    }

    @Override
    public void close() {
        maker.shutdown();
        call("close", descriptor);
    }
}
