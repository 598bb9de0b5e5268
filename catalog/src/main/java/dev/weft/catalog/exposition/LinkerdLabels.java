package dev.weft.catalog.exposition;

import dev.weft.catalog.metrics.BackendTraffic;
import dev.weft.catalog.metrics.Direction;
import dev.weft.catalog.metrics.Series;
import dev.weft.catalog.metrics.Traffic;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The labels of a series as Linkerd's proxy and its Prometheus write them; empty values are left out when written. */
public final class LinkerdLabels {

    private LinkerdLabels() {}

    /** The labels of the edge of the graph, without how the requests ended. */
    static Map<String, String> edge(Traffic series) {
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put("direction", series.direction().word());
        labels.put("namespace", series.reporter().namespace());
        labels.put(series.reporter().label(), series.reporter().name());
        labels.put("authority", series.authority());
        labels.put("tls", Boolean.toString(series.tls()));
        labels.put("tls_key_exchange", series.keyExchange());
        labels.put("client_id", series.clientId());
        labels.put("server_id", series.serverId());
        if (!series.service().isEmpty() || series.destination().known()) {
            String namespace = series.serviceNamespace();
            labels.put(
                    "dst_namespace", namespace.isEmpty() ? series.destination().namespace() : namespace);
            labels.put("dst_service", series.serviceName());
            labels.put(
                    "dst_" + series.destination().label(), series.destination().name());
        }
        if (series.direction() == Direction.OUTBOUND) {
            labels.put("route_name", series.route());
        } else if (!series.route().isEmpty()) {
            authorization(labels, series.route());
        }
        return labels;
    }

    /** All labels of {@code response_total}. */
    public static Map<String, String> response(Traffic series) {
        Map<String, String> labels = edge(series);
        labels.put("classification", series.success() ? "success" : "failure");
        labels.put("status_code", series.status() == 0 ? "" : Integer.toString(series.status()));
        labels.put("grpc_status", series.grpcStatus() < 0 ? "" : Integer.toString(series.grpcStatus()));
        labels.put("error", series.error());
        return labels;
    }

    /** The labels of a route, as seen from the calling side. */
    static Map<String, String> route(Traffic series) {
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put("namespace", series.reporter().namespace());
        labels.put(series.reporter().label(), series.reporter().name());
        labels.put("parent_name", series.authority());
        labels.put("route_name", series.route());
        return labels;
    }

    /** The labels of a request that came in, for what was decided about it. */
    static Map<String, String> caller(Traffic series) {
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put("direction", series.direction().word());
        labels.put("namespace", series.reporter().namespace());
        labels.put(series.reporter().label(), series.reporter().name());
        labels.put("client_id", series.clientId());
        labels.put("tls", Boolean.toString(series.tls()));
        return labels;
    }

    /** What let a request pass: {@code Kind namespace/name}, or the mesh's default where there is no policy. */
    static void authorization(Map<String, String> labels, String allowedBy) {
        int space = allowedBy.indexOf(' ');
        int slash = allowedBy.indexOf('/');
        if (space > 0 && slash > space && allowedBy.indexOf(' ', space + 1) < 0) {
            labels.put("authz_kind", allowedBy.substring(0, space).toLowerCase(Locale.ROOT));
            labels.put("authz_namespace", allowedBy.substring(space + 1, slash));
            labels.put("authz_name", allowedBy.substring(slash + 1));
        } else {
            labels.put("authz_kind", "default");
            labels.put("authz_name", allowedBy.equals(Series.OTHER) ? Series.OTHER : "all-authenticated");
        }
    }

    /** The labels of a try's route and backend. */
    static Map<String, String> backend(BackendTraffic series) {
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put("namespace", series.reporter().namespace());
        labels.put(series.reporter().label(), series.reporter().name());
        servicePort(labels, "parent", series.parent());
        labels.put("route_name", series.route());
        servicePort(labels, "backend", series.backend());
        labels.put("dst_" + series.destination().label(), series.destination().name());
        return labels;
    }

    static void servicePort(Map<String, String> labels, String prefix, String servicePort) {
        int slash = servicePort.indexOf('/');
        int colon = servicePort.lastIndexOf(':');
        if (slash > 0 && colon > slash) {
            labels.put(prefix + "_group", "core");
            labels.put(prefix + "_kind", "Service");
            labels.put(prefix + "_namespace", servicePort.substring(0, slash));
            labels.put(prefix + "_name", servicePort.substring(slash + 1, colon));
            labels.put(prefix + "_port", servicePort.substring(colon + 1));
        } else {
            labels.put(prefix + "_name", servicePort);
        }
    }
}
