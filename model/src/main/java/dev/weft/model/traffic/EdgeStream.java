package dev.weft.model.traffic;

import java.time.Duration;

/**
 * Connections at the edge that are passed on as bytes.
 *
 * @param serverName for clients that name this server in their TLS handshake (SNI), lower case, exact; empty for every
 *     connection that no name takes
 * @param endsTls whether the edge ends the client's TLS, with the listener's certificate for the name; else the bytes pass
 *     as they are
 * @param frontend its rules' backends, chosen by weight for each connection
 * @param idleTimeout without a byte either way, before it is cut; zero for never
 */
public record EdgeStream(String serverName, boolean endsTls, Frontend frontend, Duration idleTimeout) {}
