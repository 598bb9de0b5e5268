package dev.weft.catalog.query;

import dev.weft.catalog.metrics.Apexes;
import dev.weft.catalog.metrics.Direction;
import dev.weft.catalog.metrics.Golden;
import dev.weft.catalog.metrics.Party;
import dev.weft.catalog.metrics.Recorder;
import dev.weft.catalog.metrics.Traffic;
import dev.weft.catalog.metrics.Window;
import dev.weft.model.traffic.Endpoint;
import dev.weft.model.traffic.ServicePort;
import dev.weft.model.traffic.Snapshot;
import dev.weft.model.workload.Instance;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The golden numbers of workloads, as their own proxies saw the requests that came to them, and of services, as their
 * clients saw the requests that they sent: those that reached nobody show only there. Each request is counted from one
 * side alone. With {@code from}, workloads too are counted by the client's side, which knows both.
 */
public final class Stat {

    private static final Comparator<StatRow> ORDER = Comparator.comparing(StatRow::kind)
            .thenComparing(StatRow::namespace)
            .thenComparing(StatRow::name);

    private Stat() {}

    public static List<StatRow> rows(StatQuery query, Window window, Snapshot snapshot) {
        List<StatRow> rows = new ArrayList<>();
        workloads(window, snapshot).forEach((party, pods) -> {
            String kind = party.kind().equals("Edge") ? "edge" : "deployment";
            if (query.shows(kind, party.namespace(), party.name())) {
                Golden golden = Golden.of(window, toWorkload(query, party));
                rows.add(new StatRow(kind, party.namespace(), party.name(), pods, pods, golden));
            }
        });
        Apexes apexes = Apexes.of(snapshot);
        services(window, snapshot).forEach((authority, name) -> {
            String namespace = namespace(authority);
            if (query.shows("service", namespace, name)) {
                int pods = pods(authority, snapshot, apexes);
                Golden golden = Golden.of(
                        window,
                        series -> series.direction() == Direction.OUTBOUND
                                && series.authority().equals(authority)
                                && query.counts(series));
                rows.add(new StatRow("service", namespace, name, pods, pods, golden));
            }
        });
        rows.sort(ORDER);
        return rows;
    }

    private static Predicate<Traffic> toWorkload(StatQuery query, Party party) {
        if (query.from().isEmpty() && query.to().isEmpty()) {
            return series ->
                    series.direction() == Direction.INBOUND && series.reporter().equals(party);
        }
        if (query.from().isEmpty()) {
            return series -> series.direction() == Direction.OUTBOUND
                    && series.reporter().equals(party)
                    && query.counts(series);
        }
        return series ->
                series.direction() == Direction.OUTBOUND && series.destination().equals(party) && query.counts(series);
    }

    /** Everything that runs or was seen, with its number of pods. */
    private static Map<Party, Integer> workloads(Window window, Snapshot snapshot) {
        Map<Party, Integer> pods = new TreeMap<>(Comparator.comparing(Party::toString));
        for (Instance instance : snapshot.instances()) {
            pods.merge(Party.of(instance.workload()), 1, Integer::sum);
        }
        window.traffic().keySet().forEach(series -> {
            pods.putIfAbsent(series.reporter(), 0);
            if (series.destination().known()) {
                pods.putIfAbsent(series.destination(), 0);
            }
        });
        pods.put(Party.EDGE, 1);
        return pods;
    }

    /** Name by authority of each service that was asked for, or can be. */
    private static Map<String, String> services(Window window, Snapshot snapshot) {
        Map<String, String> services = new TreeMap<>();
        snapshot.meshFrontends()
                .keySet()
                .forEach(apex ->
                        services.put(Recorder.authority(apex), apex.service().name()));
        for (Traffic series : window.traffic().keySet()) {
            String authority = series.authority();
            if (series.direction() == Direction.OUTBOUND && authority.contains(".svc.cluster.local:")) {
                services.put(authority, authority.substring(0, authority.indexOf('.')));
            }
        }
        return services;
    }

    private static String namespace(String authority) {
        String[] parts = authority.split("\\.", 3);
        return parts.length > 1 ? parts[1] : "";
    }

    private static int pods(String authority, Snapshot snapshot, Apexes apexes) {
        Set<Endpoint> endpoints = new HashSet<>();
        snapshot.groups().forEach((ServicePort leaf, dev.weft.model.traffic.EndpointGroup group) -> {
            if (Recorder.authority(leaf).equals(authority)
                    || Recorder.authority(apexes.apex(leaf)).equals(authority)) {
                endpoints.addAll(group.endpoints());
            }
        });
        return endpoints.size();
    }
}
