package dev.weft.proxy.message;

import dev.weft.http.h1.Fields;
import dev.weft.http.h1.HeadWriter;
import dev.weft.http.h1.HeaderName;
import dev.weft.model.outcome.Hop;
import dev.weft.model.traffic.Endpoint;
import dev.weft.proxy.retry.TimeLeft;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * How long the caller waits, as it came in, and what of it is said to the endpoint. Between proxies and from an inbound proxy
 * to its program {@code weft-deadline-ms} holds what is left; a program that sends it on with its own calls passes the
 * deadline on. {@code grpc-timeout} is honoured everywhere. The edge tells {@code x-envoy-expected-rq-timeout-ms}, as Emissary
 * does, and believes neither of the two from outside.
 */
public final class CallerPatience {

    private static final HeaderName DEADLINE = HeaderName.of("weft-deadline-ms");
    private static final HeaderName GRPC_TIMEOUT = HeaderName.of("grpc-timeout");
    private static final HeaderName EXPECTED = HeaderName.of("x-envoy-expected-rq-timeout-ms");

    private CallerPatience() {}

    /** When the caller stops waiting; 0 when he says nothing. */
    public static long until(Hop hop, Fields fields, long startNanos) {
        long until = 0;
        int deadline = hop == Hop.EDGE ? -1 : fields.find(DEADLINE);
        if (deadline >= 0) {
            OptionalLong left = TimeLeft.ofMillis(fields.value(deadline));
            until = left.isPresent() ? nonZero(startNanos + left.getAsLong()) : 0;
        }
        int grpc = fields.find(GRPC_TIMEOUT);
        if (grpc >= 0) {
            OptionalLong left = TimeLeft.ofGrpc(fields.value(grpc));
            long own = left.isPresent() ? nonZero(startNanos + left.getAsLong()) : 0;
            until = own != 0 && (until == 0 || own - until < 0) ? own : until;
        }
        return until;
    }

    /** Says in the head of a request that goes out now how long there is. */
    public static void tell(Hop hop, Fields fields, HeadWriter head, Endpoint to, long untilNanos, long now) {
        if (untilNanos == 0) {
            return;
        }
        long left = Math.max(TimeUnit.MILLISECONDS.toNanos(1), untilNanos - now);
        if (to.transport() == Endpoint.Transport.MESH || hop == Hop.INBOUND) {
            fields.drop(DEADLINE);
            head.add(DEADLINE, Long.toString(TimeLeft.millis(left)));
        }
        if (hop == Hop.EDGE) {
            fields.drop(EXPECTED);
            head.add(EXPECTED, Long.toString(TimeUnit.NANOSECONDS.toMillis(left)));
        }
        if (fields.find(GRPC_TIMEOUT) >= 0) {
            fields.drop(GRPC_TIMEOUT);
            head.add(GRPC_TIMEOUT, TimeLeft.grpc(left));
        }
    }

    private static long nonZero(long nanos) {
        return nanos == 0 ? 1 : nanos;
    }
}
