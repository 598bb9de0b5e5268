package dev.weft.catalog.query;

import dev.weft.catalog.metrics.Golden;
import dev.weft.catalog.metrics.Party;

/**
 * One line of {@code weft edges}: requests that really went from one workload to another.
 *
 * @param clientId the identity in the certificate that the server saw; empty when it saw none
 * @param serverId the identity in the certificate that the client saw; empty when it saw none
 * @param secured whether the connection was TLS
 */
public record EdgeRow(
        Party source, Party destination, String clientId, String serverId, boolean secured, Golden golden) {}
