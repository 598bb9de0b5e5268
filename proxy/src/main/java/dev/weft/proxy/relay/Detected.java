package dev.weft.proxy.relay;

import dev.weft.model.outcome.ProtocolVerdict;

/**
 * What the first bytes of a connection are.
 *
 * @param serverName in a TLS handshake (SNI), lower case; empty for none
 */
public record Detected(ProtocolVerdict verdict, String serverName) {}
