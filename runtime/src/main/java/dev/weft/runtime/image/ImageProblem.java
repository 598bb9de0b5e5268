package dev.weft.runtime.image;

/** Why an image cannot run here; the reason is the container's waiting reason, the message is for people. */
public final class ImageProblem extends Exception {

    private static final long serialVersionUID = 1;

    private final String reason;

    ImageProblem(String reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** {@code ImageNotLocal}, {@code ImageInvalid}, {@code BuildFailed} or {@code ArtifactMissing}. */
    public String reason() {
        return reason;
    }

    /** The message, which is always there. */
    public String text() {
        return String.valueOf(getMessage());
    }
}
