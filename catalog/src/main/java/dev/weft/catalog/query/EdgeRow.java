package dev.weft.catalog.query;

import dev.weft.catalog.metrics.Golden;
import dev.weft.catalog.metrics.Party;

/**
 * One line of {@code weft edges}: requests that really went from one workload to another.
 *
 * @param clientId the identity in the certificate that the server saw; empty when it saw none
 * @param serverId the identity in the certificate that the client saw; empty when it saw none
 * @param secured whether the connection was TLS
 * @param keyExchange the group that its key was agreed in, for example {@code X25519MLKEM768}; empty where not known
 */
public record EdgeRow(
        Party source,
        Party destination,
        String clientId,
        String serverId,
        boolean secured,
        String keyExchange,
        Golden golden) {}
