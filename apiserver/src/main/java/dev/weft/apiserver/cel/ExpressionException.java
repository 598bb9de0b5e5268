package dev.weft.apiserver.cel;

/** An expression is none, or has no result. The message is for people. */
public final class ExpressionException extends Exception {

    private static final long serialVersionUID = 1;

    ExpressionException(String message) {
        super(message);
    }

    @Override
    public String getMessage() {
        String message = super.getMessage();
        return message == null ? "" : message;
    }
}
