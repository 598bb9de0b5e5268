package dev.weft.cli.demo;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** Waits for something to become true of a platform, looking again and again. */
final class Await {

    private static final long PAUSE_MILLIS = 20;

    private Await() {}

    /**
     * @param expected what is waited for, for the message when it never comes
     * @param found what there is instead, read when time is up
     */
    static <T> T until(String expected, Duration limit, Supplier<Optional<T>> look, Supplier<?> found) {
        long end = System.nanoTime() + limit.toNanos();
        while (true) {
            Optional<T> seen = look.get();
            if (seen.isPresent()) {
                return seen.get();
            }
            if (System.nanoTime() - end > 0) {
                throw new NotHeld(expected + " within " + limit.toMillis() + " ms", String.valueOf(found.get()));
            }
            pause();
        }
    }

    static void until(String expected, Duration limit, java.util.function.BooleanSupplier look, Supplier<?> found) {
        until(expected, limit, () -> look.getAsBoolean() ? Optional.of(true) : Optional.empty(), found);
    }

    static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NotHeld("a whole run", "an interruption");
        }
    }
}
