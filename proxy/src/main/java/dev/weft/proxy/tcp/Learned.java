package dev.weft.proxy.tcp;

import dev.weft.model.outcome.ProtocolVerdict;
import dev.weft.model.traffic.ServicePort;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What one worker has learned of undeclared service ports: whether their servers speak first. It decides nothing but how
 * soon an endpoint is dialled for a client that is silent, so it can be wrong without harm. Owner: the worker's loop.
 */
public final class Learned {

    private static final long UNKNOWN_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long REQUESTS_NANOS = TimeUnit.MILLISECONDS.toNanos(150);
    private static final int PORTS_MAX = 10_000;

    private final Map<ServicePort, ProtocolVerdict> last = new HashMap<>();

    void learn(ServicePort servicePort, ProtocolVerdict verdict) {
        if (last.size() >= PORTS_MAX) {
            last.clear();
        }
        last.put(servicePort, verdict);
    }

    /** How long a client may be silent before the server is asked. */
    long patienceNanos(ServicePort servicePort) {
        ProtocolVerdict verdict = last.get(servicePort);
        if (verdict == null) {
            return UNKNOWN_NANOS;
        }
        return switch (verdict.protocol()) {
            case HTTP1, HTTP2 -> REQUESTS_NANOS;
            case TLS -> UNKNOWN_NANOS;
            case OPAQUE -> verdict.reason() == ProtocolVerdict.Reason.SERVER_FIRST ? 0 : UNKNOWN_NANOS;
        };
    }
}
