package dev.weft.catalog.metrics;

import dev.weft.model.outcome.Details;
import java.util.Map;

/**
 * One kind of outcome on one edge of the graph, seen from one side.
 *
 * @param reporter whose proxy counted
 * @param authority the service asked for, as {@code host:port} of the mesh; a frontend's name when it led to no service;
 *     empty on inbound. Never what a client wrote.
 * @param service the service that was chosen behind it (the leaf of a split), {@code namespace/name}; empty on inbound
 * @param destination the workload that answered; not known when nobody was reached, and on inbound
 * @param clientId the identity in the client's certificate, inbound only
 * @param serverId the identity in the server's certificate, outbound only
 * @param tls whether that connection was TLS
 * @param keyExchange the group of its key exchange; empty where it is not known
 * @param route the rule's name; on inbound what let it pass
 * @param status 0 when the connection broke before one was written
 * @param grpcStatus of a call of gRPC, else {@link Details#NO_GRPC_STATUS}
 * @param error the code of an answer that the proxy made itself, or of what cut it off; empty otherwise
 */
public record Traffic(
        Direction direction,
        Party reporter,
        String authority,
        String service,
        Party destination,
        String clientId,
        String serverId,
        boolean tls,
        String keyExchange,
        String route,
        int status,
        int grpcStatus,
        String error)
        implements Series<Traffic> {

    /** As {@link dev.weft.model.outcome.Outcome#success}. */
    public boolean success() {
        return status > 0 && status < 500 && !Details.isGrpcFailure(grpcStatus);
    }

    /** The namespace of {@link #service}. */
    public String serviceNamespace() {
        return service.substring(0, Math.max(0, service.indexOf('/')));
    }

    /** The name of {@link #service}. */
    public String serviceName() {
        return service.substring(service.indexOf('/') + 1);
    }

    @Override
    public Map<String, String> manyValued() {
        return Map.of(
                "deployment", reporter.namespace() + "/" + reporter.name(),
                "authority", authority,
                "dst_service", service,
                "dst_deployment", destination.namespace() + "/" + destination.name(),
                "client_id", clientId,
                "server_id", serverId,
                "route_name", route,
                "status_code", Integer.toString(status));
    }

    @Override
    public Traffic folded(String label) {
        return new Traffic(
                direction,
                label.equals("deployment") ? fold(reporter) : reporter,
                label.equals("authority") ? OTHER : authority,
                label.equals("dst_service") ? OTHER : service,
                label.equals("dst_deployment") ? fold(destination) : destination,
                label.equals("client_id") ? OTHER : clientId,
                label.equals("server_id") ? OTHER : serverId,
                tls,
                keyExchange,
                label.equals("route_name") ? OTHER : route,
                label.equals("status_code") ? status / 100 * 100 : status,
                grpcStatus,
                error);
    }

    private static Party fold(Party party) {
        return new Party("", party.kind(), OTHER);
    }
}
