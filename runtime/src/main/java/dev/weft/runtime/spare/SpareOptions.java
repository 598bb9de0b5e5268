package dev.weft.runtime.spare;

/**
 * How many JVMs may be parked.
 *
 * @param max 0 for none
 * @param memoryShare the pool holds no more than one part in so many of the machine's memory
 */
public record SpareOptions(int max, int memoryShare) {

    /** Few, because each holds some 40 MB. */
    public static final int MAX_DEFAULT = 2;

    private static final int MEMORY_SHARE = 16;

    public SpareOptions {
        if (max < 0) {
            throw new IllegalArgumentException("spares: " + max + " (expected: 0 or more)");
        }
    }

    /** So many at most, in a sixteenth of the memory. */
    public static SpareOptions of(int max) {
        return new SpareOptions(max, MEMORY_SHARE);
    }
}
