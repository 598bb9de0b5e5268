package dev.weft.catalog.topology;

import dev.weft.catalog.metrics.Golden;
import java.util.Optional;
import java.util.Set;

/**
 * One direction of calls on the map.
 *
 * @param weight the declared share, 0 to 1, where a rule splits
 * @param declared whether a rule says so; false for what is only observed
 * @param observed whether any request ever went this way
 * @param security of the requests in the window, or of all when there were none
 * @param clientIds identities that clients showed
 * @param serverIds identities that servers showed
 * @param refused how many in the window were answered with 403; no failures, and yet nothing got through
 */
public record Link(
        String from,
        String to,
        Optional<Double> weight,
        boolean declared,
        boolean observed,
        Security security,
        Set<String> clientIds,
        Set<String> serverIds,
        Golden golden,
        long refused) {

    public enum Security {
        /** Nothing went this way. */
        UNKNOWN,
        TLS,
        MIXED,
        CLEAR
    }

    public Link {
        clientIds = Set.copyOf(clientIds);
        serverIds = Set.copyOf(serverIds);
    }
}
