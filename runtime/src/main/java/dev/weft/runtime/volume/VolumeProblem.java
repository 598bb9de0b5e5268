package dev.weft.runtime.volume;

/** A volume cannot be given; the message says which, why, and what to do. */
public final class VolumeProblem extends Exception {

    private static final long serialVersionUID = 1;

    VolumeProblem(String message) {
        super(message);
    }
}
