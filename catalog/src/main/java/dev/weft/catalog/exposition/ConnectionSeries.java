package dev.weft.catalog.exposition;

import dev.weft.catalog.metrics.Party;
import dev.weft.catalog.metrics.Series;
import dev.weft.model.outcome.Hop;
import dev.weft.model.outcome.LiveConnection;
import dev.weft.model.workload.WorkloadIdentity;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One end of connections.
 *
 * @param peer {@code src} for connections that were accepted, {@code dst} for those that were made
 * @param service that they were made for, {@code namespace/name}; empty where they may carry requests to several
 */
record ConnectionSeries(
        String direction, Party reporter, String peer, Party destination, String service, String identity, boolean tls)
        implements Series<ConnectionSeries> {

    static ConnectionSeries of(LiveConnection connection) {
        boolean accepted = connection.side() == LiveConnection.Side.ACCEPTED;
        boolean outbound = accepted ? connection.hop() == Hop.OUTBOUND : connection.hop() != Hop.INBOUND;
        return new ConnectionSeries(
                outbound ? "outbound" : "inbound",
                Party.of(connection.reporter()),
                accepted ? "src" : "dst",
                outbound && !accepted
                        ? connection
                                .endpoint()
                                .flatMap(endpoint -> endpoint.workload())
                                .map(Party::of)
                                .orElse(Party.NONE)
                        : Party.NONE,
                connection.service().map(port -> port.service().toString()).orElse(""),
                connection.peer().identity().map(WorkloadIdentity::uri).orElse(""),
                connection.peer().secured());
    }

    Map<String, String> labels() {
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put("direction", direction);
        labels.put("peer", peer);
        labels.put("namespace", reporter.namespace());
        labels.put(reporter.label(), reporter.name());
        if (destination.known()) {
            labels.put("dst_namespace", destination.namespace());
            labels.put("dst_" + destination.label(), destination.name());
        }
        labels.put("dst_service", service);
        labels.put(peer.equals("src") ? "client_id" : "server_id", identity);
        labels.put("tls", Boolean.toString(tls));
        return labels;
    }

    @Override
    public Map<String, String> manyValued() {
        return Map.of(
                "deployment",
                reporter.namespace() + "/" + reporter.name(),
                "dst_deployment",
                destination.namespace() + "/" + destination.name(),
                "dst_service",
                service,
                peer.equals("src") ? "client_id" : "server_id",
                identity);
    }

    @Override
    public ConnectionSeries folded(String label) {
        return new ConnectionSeries(
                direction,
                label.equals("deployment") ? new Party("", reporter.kind(), OTHER) : reporter,
                peer,
                label.equals("dst_deployment") && destination.known()
                        ? new Party("", destination.kind(), OTHER)
                        : destination,
                label.equals("dst_service") ? OTHER : service,
                label.endsWith("_id") ? OTHER : identity,
                tls);
    }
}
