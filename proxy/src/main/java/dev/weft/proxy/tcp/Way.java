package dev.weft.proxy.tcp;

import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.traffic.Endpoint;
import dev.weft.model.traffic.ServicePort;
import java.time.Duration;

/** Where the endpoints of a stream are found. */
sealed interface Way {

    /** Among those of a service port. */
    record Balanced(ServicePort servicePort, Duration idle) implements Way {}

    /** There is only one. */
    record Direct(ServicePort servicePort, Endpoint endpoint, Duration idle) implements Way {}

    /** Nowhere. */
    record Closed(ErrorCode error, String reason) implements Way {}
}
