package dev.weft.runtime.host.shape;

/** Why a class is no function; the cause is its own failure, if it is one. */
public final class Unsuitable extends Exception {

    private static final long serialVersionUID = 1;

    public Unsuitable(String message) {
        super(message);
    }

    public Unsuitable(String message, Throwable cause) {
        super(message, cause);
    }
}
