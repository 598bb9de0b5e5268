package dev.weft.model.traffic;

/** A condition on one header; names are lower case. */
public sealed interface HeaderMatch {

    String name();

    record Exact(String name, String value) implements HeaderMatch {}

    /** The whole value must match. */
    record Regex(String name, String expression) implements HeaderMatch {}

    record Present(String name) implements HeaderMatch {}
}
