package dev.weft.cli.client;

/** Ends a command with one message for a person and an exit code; nothing else is printed. */
public final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final int exitCode;

    private Refusal(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    /** The thing asked for failed: exit code 1. */
    public static Refusal failed(String message) {
        return new Refusal(1, message);
    }

    /** Used wrongly, or not possible here: exit code 2. */
    public static Refusal impossible(String message) {
        return new Refusal(2, message);
    }

    public int exitCode() {
        return exitCode;
    }
}
