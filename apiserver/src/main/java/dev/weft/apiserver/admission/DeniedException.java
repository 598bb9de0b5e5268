package dev.weft.apiserver.admission;

import java.util.Objects;

/** A policy or a webhook does not let something be written, or could not be asked. */
public final class DeniedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final int code;
    private final String reason;
    private final boolean whole;

    private DeniedException(int code, String reason, String message, boolean whole) {
        super(message);
        this.code = code;
        this.reason = reason;
        this.whole = whole;
    }

    /** By a policy, in the words of Kubernetes. */
    static DeniedException policy(String policy, String binding, String message, String reason) {
        int code = switch (reason) {
            case "Unauthorized" -> 401;
            case "Forbidden" -> 403;
            case "RequestEntityTooLarge" -> 413;
            default -> 422;
        };
        return new DeniedException(
                code,
                reason,
                "ValidatingAdmissionPolicy '" + policy + "' with binding '" + binding + "' denied request: " + message,
                false);
    }

    static DeniedException webhook(String name, int code, String reason, String message) {
        String said = message.isEmpty() ? " denied the request without explanation" : " denied the request: " + message;
        int failing = code >= 400 && code <= 599 ? code : 400; // a denial never looks like a success
        return new DeniedException(failing, reason, "admission webhook \"" + name + "\"" + said, true);
    }

    static DeniedException unreachable(String name, String cause) {
        return new DeniedException(
                500,
                "InternalError",
                "Internal error occurred: failed calling webhook \"" + name + "\": " + cause,
                true);
    }

    static DeniedException dryRun(String name) {
        return new DeniedException(
                400, "BadRequest", "admission webhook \"" + name + "\" does not support dry run", true);
    }

    public int code() {
        return code;
    }

    /** {@code Forbidden} and the like. */
    public String reason() {
        return reason;
    }

    public String text() {
        return Objects.toString(getMessage(), "");
    }

    /** Whether the text says all; otherwise what was refused has to be named before it. */
    public boolean isWhole() {
        return whole;
    }
}
