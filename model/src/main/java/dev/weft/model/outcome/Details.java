package dev.weft.model.outcome;

import java.util.Map;
import java.util.Optional;

/**
 * What was noted of a request because somebody wants to see it. Without anybody, one of the constants.
 *
 * @param protocol what the client spoke, for example {@code HTTP/1.1}
 * @param grpcStatus how a call of gRPC ended, in its head or its trailers; {@link #NO_GRPC_STATUS} for anything else
 * @param trace present when this hop's span is to be recorded
 * @param headers of the request, by lower case name: those that an access log asked for, and no others
 */
public record Details(String protocol, int grpcStatus, Optional<Trace> trace, Map<String, String> headers) {

    public static final int NO_GRPC_STATUS = -1;

    public static final Details HTTP_1_0 = new Details("HTTP/1.0", NO_GRPC_STATUS, Optional.empty(), Map.of());
    public static final Details HTTP_1_1 = new Details("HTTP/1.1", NO_GRPC_STATUS, Optional.empty(), Map.of());
    public static final Details HTTP_2 = new Details("HTTP/2", NO_GRPC_STATUS, Optional.empty(), Map.of());
    public static final Details GRPC_OK = new Details("HTTP/2", 0, Optional.empty(), Map.of());

    public Details {
        headers = Map.copyOf(headers);
    }

    /**
     * Whether a call with this {@code grpc-status} failed through the service's fault, and not the caller's: as Linkerd
     * classifies, UNKNOWN, DEADLINE_EXCEEDED, PERMISSION_DENIED, INTERNAL, UNAVAILABLE and DATA_LOSS.
     */
    public static boolean isGrpcFailure(int grpcStatus) {
        return switch (grpcStatus) {
            case 2, 4, 7, 13, 14, 15 -> true;
            default -> false;
        };
    }
}
