package dev.weft.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waits for what other processes do. */
final class Eventually {

    /** Looks at files and processes. */
    @FunctionalInterface
    interface Look<T> {
        T get() throws IOException;
    }

    private Eventually() {}

    /** @param found what to show when it does not hold in time */
    static void holds(String expected, Duration limit, Look<Boolean> look, Look<String> found) {
        long end = System.nanoTime() + limit.toNanos();
        try {
            while (!look.get()) {
                if (System.nanoTime() - end > 0) {
                    throw new AssertionError("expected " + expected + " within " + limit + ", found:\n" + found.get());
                }
                pause();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void pause() {
        try {
            if (new CountDownLatch(1).await(100, TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("nobody counts down");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
