package dev.weft.apiserver.admission;

import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A policy or a webhook does not let something be written, or could not be asked. */
public final class DeniedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final int code;
    private final String reason;
    private final boolean whole;
    private final boolean unasked;
    private final transient ObjectNode details;

    private DeniedException(int code, String reason, String message, boolean whole, boolean unasked) {
        this(code, reason, message, whole, unasked, JsonNodeFactory.instance.objectNode());
    }

    private DeniedException(
            int code, String reason, String message, boolean whole, boolean unasked, ObjectNode details) {
        super(message);
        this.code = code;
        this.reason = reason;
        this.whole = whole;
        this.unasked = unasked;
        this.details = details;
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
                false,
                false);
    }

    /** @param details of the webhook's status, for whoever is denied */
    static DeniedException webhook(String name, int code, String reason, String message, JsonNode details) {
        String said = message.isEmpty() ? " denied the request without explanation" : " denied the request: " + message;
        int failing = code >= 400 && code <= 599 ? code : 400; // a denial never looks like a success
        ObjectNode given = details instanceof ObjectNode object ? object : JsonNodeFactory.instance.objectNode();
        return new DeniedException(failing, reason, "admission webhook \"" + name + "\"" + said, true, false, given);
    }

    static DeniedException unreachable(String name, String cause) {
        return new DeniedException(
                500,
                "InternalError",
                "Internal error occurred: failed calling webhook \"" + name + "\": " + cause,
                true,
                true);
    }

    static DeniedException dryRun(String name) {
        return new DeniedException(
                400, "BadRequest", "admission webhook \"" + name + "\" does not support dry run", true, false);
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

    /** What a webhook says beside the text; empty when it says nothing. */
    public ObjectNode details() {
        return details;
    }

    /** The first field that a webhook finds fault with; empty when it names none. */
    public String field() {
        return details.at("/causes/0/field").asString("");
    }

    /** Whether a webhook could not be asked: later it may let the same pass. */
    public boolean isUnasked() {
        return unasked;
    }

    /** Whether the text says all; otherwise what was refused has to be named before it. */
    public boolean isWhole() {
        return whole;
    }
}
