package dev.weft.model.policy;

import java.time.Duration;

/**
 * How long the parts of a request may take; zero for no limit of its own. Each that runs out has an error code of its own.
 *
 * @param request from the request's head to the answer's end, all tries and waits included; 504
 * @param connect until a connection is open, its handshake included
 * @param perTry from the choice of an endpoint to the answer's head
 * @param header from the request's last byte to the answer's head
 * @param response from the request's last byte to the answer's end
 * @param idle without a byte in either direction, from the request's head on
 * @param idleConnection how long a pooled connection to an endpoint is kept for the next request
 */
public record Timeouts(
        Duration request,
        Duration connect,
        Duration perTry,
        Duration header,
        Duration response,
        Duration idle,
        Duration idleConnection) {

    /** Emissary's. */
    public static final Duration REQUEST = Duration.ofSeconds(3);

    /** Emissary's, the handshake included. */
    public static final Duration CONNECT = Duration.ofSeconds(3);

    /** Shorter than what servers usually keep idle connections for, so that the server is seldom the one to close. */
    public static final Duration IDLE_CONNECTION = Duration.ofSeconds(60);

    public static final Timeouts DEFAULT = ofRequest(REQUEST);

    /** The defaults, but for the whole request. */
    public static Timeouts ofRequest(Duration request) {
        return new Timeouts(
                request, CONNECT, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO, IDLE_CONNECTION);
    }

    public Timeouts {
        if (connect.isZero() || idleConnection.isZero()) {
            throw new IllegalArgumentException(
                    "connect " + connect + ", idleConnection " + idleConnection + " (expected: both more than zero)");
        }
    }

    public Timeouts withRequest(Duration limit) {
        return new Timeouts(limit, connect, perTry, header, response, idle, idleConnection);
    }

    public Timeouts withConnect(Duration limit) {
        return new Timeouts(request, limit, perTry, header, response, idle, idleConnection);
    }

    public Timeouts withPerTry(Duration limit) {
        return new Timeouts(request, connect, limit, header, response, idle, idleConnection);
    }

    public Timeouts withHeader(Duration limit) {
        return new Timeouts(request, connect, perTry, limit, response, idle, idleConnection);
    }

    public Timeouts withResponse(Duration limit) {
        return new Timeouts(request, connect, perTry, header, limit, idle, idleConnection);
    }

    public Timeouts withIdle(Duration limit) {
        return new Timeouts(request, connect, perTry, header, response, limit, idleConnection);
    }

    public Timeouts withIdleConnection(Duration limit) {
        return new Timeouts(request, connect, perTry, header, response, idle, limit);
    }

    /** This, and where it says nothing of a part, what the rule behind says. */
    public Timeouts orElse(Timeouts behind) {
        return new Timeouts(
                request,
                connect.equals(CONNECT) ? behind.connect : connect,
                perTry.isZero() ? behind.perTry : perTry,
                header.isZero() ? behind.header : header,
                response.isZero() ? behind.response : response,
                idle.isZero() ? behind.idle : idle,
                idleConnection.equals(IDLE_CONNECTION) ? behind.idleConnection : idleConnection);
    }
}
