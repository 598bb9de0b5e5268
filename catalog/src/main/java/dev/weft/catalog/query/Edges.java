package dev.weft.catalog.query;

import dev.weft.catalog.metrics.Direction;
import dev.weft.catalog.metrics.Golden;
import dev.weft.catalog.metrics.Party;
import dev.weft.catalog.metrics.Sums;
import dev.weft.catalog.metrics.Traffic;
import dev.weft.catalog.metrics.Window;
import dev.weft.model.traffic.Snapshot;
import dev.weft.model.workload.Instance;
import dev.weft.model.workload.Workload;
import dev.weft.model.workload.WorkloadIdentity;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who called whom, with the identities that the two ends really showed each other: the server's as the client's proxy
 * read it from the handshake, the client's as the server's proxy did. Where one side saw nothing, nothing is shown.
 */
public final class Edges {

    private record Ends(Party source, Party destination, String serverId, boolean secured, String keyExchange) {}

    private static final Comparator<EdgeRow> ORDER = Comparator.comparing(
                    (EdgeRow row) -> row.source().toString())
            .thenComparing(row -> row.destination().toString())
            .thenComparing(EdgeRow::serverId);

    private Edges() {}

    public static List<EdgeRow> rows(Window window, Snapshot snapshot) {
        Map<Ends, Golden> goldens = new HashMap<>();
        Map<Party, Set<String>> clientsSeen = new HashMap<>();
        for (Map.Entry<Traffic, Sums> entry : window.traffic().entrySet()) {
            Traffic series = entry.getKey();
            if (series.direction() == Direction.INBOUND) {
                clientsSeen
                        .computeIfAbsent(series.reporter(), any -> new HashSet<>())
                        .add(series.clientId());
            } else if (series.destination().known()) {
                Ends ends = new Ends(
                        series.reporter(), series.destination(), series.serverId(), series.tls(), series.keyExchange());
                Golden golden = Golden.of(series.success(), entry.getValue(), window.seconds());
                goldens.merge(ends, golden, Golden::plus);
            }
        }
        Map<Party, WorkloadIdentity> identities = identities(snapshot);
        return goldens.entrySet().stream()
                .map(entry -> row(entry.getKey(), entry.getValue(), clientsSeen, identities))
                .sorted(ORDER)
                .toList();
    }

    private static EdgeRow row(
            Ends ends, Golden golden, Map<Party, Set<String>> clientsSeen, Map<Party, WorkloadIdentity> identities) {
        Set<String> seen = clientsSeen.getOrDefault(ends.destination, Set.of());
        WorkloadIdentity own = identities.get(ends.source);
        String clientId = own != null && seen.contains(own.uri()) ? own.uri() : "";
        return new EdgeRow(
                ends.source, ends.destination, clientId, ends.serverId, ends.secured, ends.keyExchange, golden);
    }

    private static Map<Party, WorkloadIdentity> identities(Snapshot snapshot) {
        Map<Party, WorkloadIdentity> identities = new HashMap<>();
        identities.put(Party.EDGE, Workload.EDGE.identity());
        for (Instance instance : snapshot.instances()) {
            identities.put(Party.of(instance.workload()), instance.workload().identity());
        }
        return identities;
    }
}
