package dev.weft.runtime.names;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/**
 * This machine's own resolver, as one pod may use it. Its call blocks the thread that makes it, and a virtual thread's carrier
 * with it, so a few platform threads make it for all pods; one pod's slow names hold some of them, never all.
 */
final class HostResolver {

    private static final int THREADS = 32;
    private static final int QUESTIONS_MAX = 8;

    private static final ExecutorService THREADS_OF_ALL = Executors.newFixedThreadPool(
            THREADS,
            Thread.ofPlatform()
                    .name("weft-names-", 0)
                    .daemon(true)
                    .stackSize(256 << 10)
                    .factory());

    private final Semaphore room = new Semaphore(QUESTIONS_MAX);

    /** Waits for them. */
    InetAddress[] addresses(String name) throws UnknownHostException {
        room.acquireUninterruptibly();
        try {
            return THREADS_OF_ALL.submit(() -> InetAddress.getAllByName(name)).get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownHostException unknown) {
                throw unknown;
            }
            throw new IllegalStateException(name, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } finally {
            room.release();
        }
    }
}
