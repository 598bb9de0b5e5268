package dev.weft.model.traffic;

import java.util.List;
import java.util.Set;

/**
 * A condition on a request's head; all of its parts must hold.
 *
 * @param methods upper case; empty means every method
 * @param queries conditions on the query
 */
public record Match(PathMatch path, Set<String> methods, List<HeaderMatch> headers, List<QueryMatch> queries) {

    public static final Match EVERYTHING = new Match(new PathMatch.Prefix("/"), Set.of(), List.of());

    public Match {
        methods = Set.copyOf(methods);
        headers = List.copyOf(headers);
        queries = List.copyOf(queries);
    }

    /** Without a condition on the query. */
    public Match(PathMatch path, Set<String> methods, List<HeaderMatch> headers) {
        this(path, methods, headers, List.of());
    }
}
