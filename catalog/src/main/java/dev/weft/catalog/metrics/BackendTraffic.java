package dev.weft.catalog.metrics;

import java.util.Map;

/**
 * One kind of end of tries at one backend of a route.
 *
 * @param reporter whose proxy tried
 * @param parent the service asked for, {@code namespace/name:port}; empty when a frontend led to none
 * @param route the rule's name
 * @param backend the service port tried, {@code namespace/name:port}
 * @param destination the workload tried
 * @param status the endpoint's answer, 0 for none
 * @param error why there was none
 */
public record BackendTraffic(
        Party reporter, String parent, String route, String backend, Party destination, int status, String error)
        implements Series<BackendTraffic> {

    @Override
    public Map<String, String> manyValued() {
        return Map.of(
                "deployment",
                reporter.namespace() + "/" + reporter.name(),
                "parent_name",
                parent,
                "route_name",
                route,
                "backend_name",
                backend,
                "dst_deployment",
                destination.namespace() + "/" + destination.name(),
                "http_status",
                Integer.toString(status));
    }

    @Override
    public BackendTraffic folded(String label) {
        return new BackendTraffic(
                label.equals("deployment") ? new Party("", reporter.kind(), OTHER) : reporter,
                label.equals("parent_name") ? OTHER : parent,
                label.equals("route_name") ? OTHER : route,
                label.equals("backend_name") ? OTHER : backend,
                label.equals("dst_deployment") ? new Party("", destination.kind(), OTHER) : destination,
                label.equals("http_status") ? status / 100 * 100 : status,
                error);
    }
}
