package dev.weft.resources;

/**
 * A kind of resource as the API serves it, in the version that is stored. Group and kind alone tell kinds apart: a custom
 * kind may be stored in another version tomorrow.
 *
 * @param group empty for the core group
 * @param version for example {@code v1}
 * @param kind for example {@code TrafficSplit}
 * @param plural lower case, as in URLs: {@code trafficsplits}
 * @param namespaced false for resources of the cluster
 */
public record Kind(String group, String version, String kind, String plural, boolean namespaced) {

    /** {@code split.smi-spec.io/v1alpha4}, or {@code v1} for the core group. */
    public String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    public Key key(String namespace, String name) {
        return new Key(this, namespaced ? namespace : "", name);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Kind that && kind.equals(that.kind) && group.equals(that.group);
    }

    @Override
    public int hashCode() {
        return 31 * group.hashCode() + kind.hashCode();
    }

    @Override
    public String toString() {
        return apiVersion() + " " + kind;
    }
}
