package dev.weft.catalog.metrics;

/**
 * The log-linear scale of latencies, in microseconds: exact below 64, above that 64 steps to every doubling, so that no
 * value is off by more than 1/128 of itself when it is shown as the middle of its step.
 */
final class Scale {

    static final int STEPS_PER_CHUNK = 64;

    /** Chunk 0 is the exact part; each further chunk is one doubling. The last ends at 2^37 µs, about 38 hours. */
    static final int CHUNKS = 32;

    private static final int STEP_BITS = 6;
    private static final long MICROS_MAX = (1L << (STEP_BITS + CHUNKS - 1)) - 1;

    private Scale() {}

    /** The step that a value falls into, from 0 to {@code CHUNKS * STEPS_PER_CHUNK - 1}. */
    static int step(long micros) {
        long value = Math.clamp(micros, 0, MICROS_MAX);
        if (value < STEPS_PER_CHUNK) {
            return (int) value;
        }
        int shift = 63 - Long.numberOfLeadingZeros(value) - STEP_BITS;
        return (shift + 1) * STEPS_PER_CHUNK + (int) (value >>> shift) - STEPS_PER_CHUNK;
    }

    /** The lowest value of a step. */
    static long low(int step) {
        if (step < STEPS_PER_CHUNK) {
            return step;
        }
        return (long) (STEPS_PER_CHUNK + step % STEPS_PER_CHUNK) << (step / STEPS_PER_CHUNK - 1);
    }

    /** The middle of a step. */
    static double micros(int step) {
        if (step < STEPS_PER_CHUNK) {
            return step;
        }
        return low(step) + ((1L << (step / STEPS_PER_CHUNK - 1)) - 1) / 2.0;
    }
}
