package dev.weft.runtime.host.shape;

import dev.weft.runtime.host.http.Request;
import java.util.Set;

/** Where {@code func}'s probes ask; a function that serves answers with 200. */
final class Health {

    private static final Set<String> PATHS = Set.of("/health/liveness", "/health/readiness");

    private Health() {}

    static boolean asked(Request request) {
        return request.method().equals("GET") && PATHS.contains(request.path());
    }
}
