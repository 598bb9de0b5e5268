package dev.weft.model.outcome;

import dev.weft.model.traffic.Endpoint;
import dev.weft.model.traffic.ServicePort;
import java.util.Optional;

/**
 * One try of one request at one endpoint.
 *
 * @param status the endpoint's answer, 0 when none arrived
 * @param error why none arrived
 * @param startNanos {@link System#nanoTime()} when the endpoint was chosen
 * @param connectNanos time until a connection was at hand, 0 when a pooled one was reused
 * @param firstByteNanos from start to the answer's head, 0 when none arrived
 * @param endNanos from start to the end of the try
 */
public record Attempt(
        ServicePort servicePort,
        Endpoint endpoint,
        int status,
        Optional<ErrorCode> error,
        long startNanos,
        long connectNanos,
        long firstByteNanos,
        long endNanos) {}
