package dev.weft.cli.demo;

/** A statement did not hold. */
final class NotHeld extends RuntimeException {

    private static final long serialVersionUID = 1;

    NotHeld(String expected, String found) {
        super("expected " + expected + "; found " + found);
    }

    /** Throws unless the condition holds. */
    static void unless(boolean held, String expected, Object found) {
        if (!held) {
            throw new NotHeld(expected, String.valueOf(found));
        }
    }
}
