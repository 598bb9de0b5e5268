package dev.weft.runtime.names;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * This machine's own resolver, as one pod may use it. Its call blocks the thread that makes it, and a virtual thread's carrier
 * with it, so platform threads make it for all pods. Nothing ends such a call early: whoever asks waits so long and no longer,
 * but the call counts for its pod until it has come back, so that one pod's dead names hold a few of the threads.
 */
final class HostResolver {

    private static final int THREADS = 64;
    private static final int QUESTIONS_MAX = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final ExecutorService THREADS_OF_ALL = Executors.newFixedThreadPool(
            THREADS,
            Thread.ofPlatform()
                    .name("weft-names-", 0)
                    .daemon(true)
                    .stackSize(256 << 10)
                    .factory());

    private final Lookup lookup;
    private final Duration patience;
    private final Semaphore room = new Semaphore(QUESTIONS_MAX);

    /** The machine's call, which may take its time. */
    interface Lookup {
        InetAddress[] addresses(String name) throws UnknownHostException;
    }

    HostResolver() {
        this(InetAddress::getAllByName, PATIENCE);
    }

    HostResolver(Lookup lookup, Duration patience) {
        this.lookup = lookup;
        this.patience = patience;
    }

    /**
     * Waits for them.
     *
     * @throws TimeoutException when they did not come in time, or this pod asks too much at once
     */
    InetAddress[] addresses(String name) throws UnknownHostException, TimeoutException {
        long end = System.nanoTime() + patience.toNanos();
        try {
            if (!room.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new TimeoutException(name);
            }
            CompletableFuture<InetAddress[]> answer = new CompletableFuture<>();
            THREADS_OF_ALL.execute(() -> answer(name, answer));
            try {
                return answer.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            } finally {
                answer.cancel(false);
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownHostException unknown) {
                throw unknown;
            }
            throw new IllegalStateException(name, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** What nobody waits for any more is not looked up. */
    private void answer(String name, CompletableFuture<InetAddress[]> answer) {
        try {
            if (!answer.isDone()) {
                answer.complete(lookup.addresses(name));
            }
        } catch (UnknownHostException | RuntimeException e) {
            answer.completeExceptionally(e);
        } finally {
            room.release();
        }
    }
}
