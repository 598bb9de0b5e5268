package dev.weft.apiserver.ownership;

/**
 * Who writes, and how. The same name by apply and by update are two managers.
 *
 * @param name for example {@code kubectl-client-side-apply}
 * @param apply whether by server-side apply
 * @param apiVersion in which it writes
 * @param subresource {@code status}, {@code scale}, or empty
 */
public record FieldManager(String name, boolean apply, String apiVersion, String subresource) {

    /** Whose fields those are that were there before anybody applied. */
    static FieldManager beforeFirstApply(String apiVersion) {
        return new FieldManager("before-first-apply", false, apiVersion, "");
    }

    /** Who writes here too, whatever the version it applies in. */
    boolean is(FieldManager other) {
        return name.equals(other.name)
                && apply == other.apply
                && subresource.equals(other.subresource)
                && (apply || apiVersion.equals(other.apiVersion));
    }

    String operation() {
        return apply ? "Apply" : "Update";
    }

    /** As the messages of Kubernetes name it. */
    @Override
    public String toString() {
        return '"'
                + name
                + '"'
                + (subresource.isEmpty() ? "" : " with subresource \"" + subresource + '"')
                + (apply ? "" : " using " + apiVersion);
    }
}
