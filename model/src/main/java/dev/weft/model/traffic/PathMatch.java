package dev.weft.model.traffic;

/** A condition on the path, without the query. */
public sealed interface PathMatch {

    /** The whole path, byte for byte. */
    record Exact(String path) implements PathMatch {}

    /** The path starts with these characters (as in Emissary: {@code /a} matches {@code /ab}). */
    record Prefix(String prefix) implements PathMatch {}

    /** The path equals this, or continues with a slash (as in Gateway API: {@code /a} does not match {@code /ab}). */
    record ElementPrefix(String prefix) implements PathMatch {}

    /**
     * A regular expression in RE2's syntax; one that is none matches nothing.
     *
     * @param whole true when it must match the whole path; false when it is anchored at the start only (as in SMI)
     */
    record Regex(String expression, boolean whole) implements PathMatch {}
}
