package dev.weft.runtime.host.http;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** How long the platform waits for an answer, as the environment says; whoever asked has gone then. */
public final class LongestAnswer {

    public static final String VARIABLE = "WEFT_TIMEOUT_SECONDS";

    private LongestAnswer() {}

    /** Whole seconds, 1 to 2147483647; empty where nothing else that makes sense is said. */
    public static Optional<Duration> in(Map<String, String> environment) {
        try {
            int seconds =
                    Integer.parseInt(environment.getOrDefault(VARIABLE, "").strip());
            return seconds > 0 ? Optional.of(Duration.ofSeconds(seconds)) : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
