package dev.weft.model.traffic;

import java.util.List;
import java.util.Set;

/**
 * A condition on a request's head; all of its parts must hold.
 *
 * @param methods upper case; empty means every method
 */
public record Match(PathMatch path, Set<String> methods, List<HeaderMatch> headers) {

    public static final Match EVERYTHING = new Match(new PathMatch.Prefix("/"), Set.of(), List.of());

    public Match {
        methods = Set.copyOf(methods);
        headers = List.copyOf(headers);
    }
}
