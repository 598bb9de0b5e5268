package dev.weft.cli.client;

import java.util.List;

/** Ends a command with one message for a person and an exit code; nothing else is printed. */
public final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final int exitCode;
    private final transient List<String> fields;

    private Refusal(int exitCode, String message, List<String> fields) {
        super(message);
        this.exitCode = exitCode;
        this.fields = List.copyOf(fields);
    }

    /** The thing asked for failed: exit code 1. */
    public static Refusal failed(String message) {
        return failed(message, List.of());
    }

    /**
     * The same of a document.
     *
     * @param fields paths of the fields at fault, as far as they are known
     */
    public static Refusal failed(String message, List<String> fields) {
        return new Refusal(1, message, fields);
    }

    /** Used wrongly, or not possible here: exit code 2. */
    public static Refusal impossible(String message) {
        return new Refusal(2, message, List.of());
    }

    /** The fields at fault of a document that was refused. */
    public List<String> fields() {
        return fields;
    }

    public int exitCode() {
        return exitCode;
    }
}
