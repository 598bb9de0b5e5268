package dev.weft.apiserver.patch;

/** A patch that cannot be read, or does not fit the document. The message is for people. */
public final class PatchException extends RuntimeException {

    private static final long serialVersionUID = 1;

    PatchException(String message) {
        super(message);
    }
}
