package dev.weft.serving.knative;

/**
 * One condition of a status.
 *
 * @param status {@code True}, {@code False} or {@code Unknown}
 * @param reason one CamelCase word, empty when there is nothing to explain
 */
record Condition(String type, String status, String reason, String message) {

    static Condition yes(String type) {
        return new Condition(type, "True", "", "");
    }

    static Condition no(String type, String reason, String message) {
        return new Condition(type, "False", reason, message);
    }

    static Condition unknown(String type, String reason, String message) {
        return new Condition(type, "Unknown", reason, message);
    }

    Condition as(String otherType) {
        return new Condition(otherType, status, reason, message);
    }

    boolean isTrue() {
        return status.equals("True");
    }

    boolean isFalse() {
        return status.equals("False");
    }
}
