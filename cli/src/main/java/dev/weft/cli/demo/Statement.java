package dev.weft.cli.demo;

/**
 * One numbered line of the demonstration.
 *
 * @param title what is claimed, in a few words
 */
record Statement(int number, String title, Check check) {

    /** Measures, and throws {@link NotHeld} where the claim is not true. */
    @FunctionalInterface
    interface Check {
        /** Returns the figures. */
        String measure() throws Exception;
    }
}
