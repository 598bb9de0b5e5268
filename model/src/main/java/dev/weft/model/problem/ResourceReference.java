package dev.weft.model.problem;

/**
 * Names one declared resource for a person.
 *
 * @param group API group, empty for the core group
 * @param kind for example {@code TrafficSplit}
 * @param namespace empty for resources of the cluster
 */
public record ResourceReference(String group, String kind, String namespace, String name) {

    /** For a text that is not a resource yet, such as a file that is not YAML. */
    public static final ResourceReference NONE = new ResourceReference("", "", "", "");

    /** {@code TrafficSplit shop/checkout}, the way every message names it. */
    @Override
    public String toString() {
        return kind + " " + (namespace.isEmpty() ? name : namespace + "/" + name);
    }
}
