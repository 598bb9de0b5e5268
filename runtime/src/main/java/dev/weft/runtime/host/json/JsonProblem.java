package dev.weft.runtime.host.json;

/** The text is no JSON, or not of the type that is wanted; the message says where. */
public final class JsonProblem extends Exception {

    private static final long serialVersionUID = 1;

    JsonProblem(String message) {
        super(message);
    }
}
