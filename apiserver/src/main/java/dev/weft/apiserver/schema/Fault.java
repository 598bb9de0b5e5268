package dev.weft.apiserver.schema;

/**
 * One thing that a schema does not allow.
 *
 * @param field {@code spec.replicas}
 * @param reason Kubernetes' word for it ({@code Status.details.causes[].reason})
 * @param message in Kubernetes' words
 */
public record Fault(String field, String reason, String message) {

    static Fault required(String field) {
        return new Fault(field, "FieldValueRequired", "Required value");
    }

    static Fault invalid(String field, String shown, String message) {
        return new Fault(field, "FieldValueInvalid", "Invalid value: " + shown + ": " + message);
    }
}
