package dev.weft.model.problem;

/**
 * One fault of one resource.
 *
 * @param location where it was written
 * @param resource the resource at fault
 * @param field path of the field, for example {@code spec.backends[1].service}; empty when it is about the whole
 * @param reason one CamelCase word for {@code status.conditions[].reason}, for example {@code BackendNotFound}
 * @param message what is wrong, one sentence
 * @param remedy what to do about it, one sentence
 */
public record Problem(
        Location location,
        ResourceReference resource,
        String field,
        String reason,
        String message,
        String remedy,
        Severity severity) {

    /** Whether the resource is refused, or works and deserves a remark. */
    public enum Severity {
        /** The resource has no effect until this is mended; the last good state keeps serving. */
        ERROR,
        /** The resource works; something in it does not do what its author may expect. */
        WARNING
    }

    /** The same problem, written elsewhere. */
    public Problem at(Location newLocation) {
        return new Problem(newLocation, resource, field, reason, message, remedy, severity);
    }

    /** {@code shop.yaml:14:7 TrafficSplit shop/checkout: MESSAGE} and, on a second line, the remedy. */
    @Override
    public String toString() {
        String about = resource.equals(ResourceReference.NONE) ? "" : resource + ": ";
        return location + " " + about + message + "\n  " + remedy;
    }
}
