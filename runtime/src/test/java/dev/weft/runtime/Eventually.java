package dev.weft.runtime;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for what other threads, processes and the kernel do. */
public final class Eventually {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long PAUSE_NANOS = 2_000_000;

    private Eventually() {}

    public static void holds(String what, BooleanSupplier look) {
        holds(what, PATIENCE, look, () -> "");
    }

    /**
     * Waits until it holds.
     *
     * @param found what to show when it does not hold in time
     */
    public static void holds(String what, Duration limit, BooleanSupplier look, Supplier<String> found) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!look.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("not within " + limit + ": " + what + "; " + found.get());
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }
}
