package dev.weft.resources;

/** One step in a watch. */
public record Change(Type type, Resource resource) {

    public enum Type {
        /** Exists; also how a watch begins, once for each resource that is there. */
        ADDED,
        MODIFIED,
        /** Gone; {@code resource} is its last state. */
        DELETED
    }
}
