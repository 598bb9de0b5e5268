package dev.weft.apiserver.store;

/**
 * How to delete.
 *
 * @param uid only if the resource has this one; empty for any
 * @param resourceVersion only if the resource has this one; empty for any
 * @param propagation what becomes of what the resource owns
 */
public record Deletion(String uid, String resourceVersion, Propagation propagation) {

    public static final Deletion BACKGROUND = new Deletion("", "", Propagation.BACKGROUND);

    public enum Propagation {
        /** What is owned goes after the owner. */
        BACKGROUND,
        /** What is owned goes before the owner. */
        FOREGROUND,
        /** What is owned stays and loses its reference. */
        ORPHAN
    }
}
