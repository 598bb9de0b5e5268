package dev.weft.model.outcome;

import java.util.Map;
import java.util.Optional;

/**
 * What was noted of a request because somebody wants to see it. Without anybody, one of the constants.
 *
 * @param protocol what the client spoke, for example {@code HTTP/1.1}
 * @param trace present when this hop's span is to be recorded
 * @param headers of the request, by lower case name: those that an access log asked for, and no others
 */
public record Details(String protocol, Optional<Trace> trace, Map<String, String> headers) {

    public static final Details HTTP_1_0 = new Details("HTTP/1.0", Optional.empty(), Map.of());
    public static final Details HTTP_1_1 = new Details("HTTP/1.1", Optional.empty(), Map.of());
    public static final Details HTTP_2 = new Details("HTTP/2", Optional.empty(), Map.of());

    public Details {
        headers = Map.copyOf(headers);
    }
}
