package dev.weft.serving;

import java.time.Duration;

/**
 * How serving behaves where no resource says otherwise.
 *
 * @param domain under which routes are public
 * @param scaleToZeroGrace how long the last instance stays after the stable window showed no demand
 * @param readyPatience how long a program may run without being ready before its revision is called failed
 * @param activationLimit how long an instance that nobody waits for any more may try to become ready
 */
public record ServingOptions(
        String domain, Duration scaleToZeroGrace, Duration readyPatience, Duration activationLimit) {

    /**
     * Knative's defaults, but for the grace: there it covers the switch of routes to the activator, which is not needed
     * where every proxy is one.
     */
    public static ServingOptions defaults() {
        return new ServingOptions(
                "example.com", Duration.ofSeconds(1), Duration.ofSeconds(25), Duration.ofSeconds(630));
    }
}
