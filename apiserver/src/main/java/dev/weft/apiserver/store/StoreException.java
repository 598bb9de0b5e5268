package dev.weft.apiserver.store;

/** The store cannot be opened. The message is for people and says what to do. */
public final class StoreException extends RuntimeException {

    private static final long serialVersionUID = 1;

    StoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
