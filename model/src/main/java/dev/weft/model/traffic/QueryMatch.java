package dev.weft.model.traffic;

/** A condition on one parameter of the query; names and values as they are written, percent signs and all. */
public sealed interface QueryMatch {

    String name();

    record Exact(String name, String value) implements QueryMatch {}

    /** The whole value must match. */
    record Regex(String name, String expression) implements QueryMatch {}
}
