package dev.weft.proxy.tcp;

import dev.weft.model.outcome.Decision;
import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.traffic.Endpoint;
import dev.weft.model.traffic.Rule;
import dev.weft.model.traffic.ServicePort;
import java.time.Duration;
import java.util.List;

/** Where the endpoints of a stream are found. */
sealed interface Way {

    /** How that was decided. */
    List<Decision> decisions();

    /**
     * Among those of a service port.
     *
     * @param rule that led there
     * @param connect how long a connection to one of them may take
     */
    record Balanced(ServicePort servicePort, Rule rule, Duration idle, Duration connect, List<Decision> decisions)
            implements Way {}

    /**
     * There is only one.
     *
     * @param pod whose program it is, {@code namespace/name}
     * @param takesRequests whether it does not matter if the client says an HTTP request
     */
    record Direct(
            ServicePort servicePort,
            Endpoint endpoint,
            Duration idle,
            String pod,
            boolean takesRequests,
            List<Decision> decisions)
            implements Way {}

    /**
     * Seen from the caller, there is only one: it named an address.
     *
     * @param named for records
     */
    record Address(ServicePort named, Endpoint endpoint, List<Decision> decisions) implements Way {}

    /** Nowhere. */
    record Closed(ErrorCode error, String reason, List<Decision> decisions) implements Way {

        Closed(ErrorCode error, String reason) {
            this(error, reason, List.of());
        }
    }
}
