package dev.weft.proxy.message;

import dev.weft.http.h1.HeaderName;
import dev.weft.proxy.trace.Tracing;
import java.util.Collection;
import java.util.List;

/**
 * What somebody wants to see of every request. Replaced as a whole while requests come.
 *
 * @param decisions whether the way of each is told, not only of those that failed
 * @param tracing which requests' spans are recorded
 * @param headers that access logs show
 */
public record Watching(boolean decisions, Tracing tracing, List<HeaderName> headers) {

    public static final Watching NOTHING = new Watching(false, Tracing.OFF, List.of());

    public Watching {
        headers = List.copyOf(headers);
    }

    public Watching withDecisions(boolean on) {
        return new Watching(on, tracing, headers);
    }

    public Watching withTracing(Tracing newer) {
        return new Watching(decisions, newer, headers);
    }

    public Watching withHeaders(Collection<String> names) {
        return new Watching(
                decisions, tracing, names.stream().map(HeaderName::of).toList());
    }
}
