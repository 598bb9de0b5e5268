package dev.weft.resources.knative;

import dev.weft.resources.Resource;
import dev.weft.resources.reading.Fields;
import dev.weft.resources.reading.Read;
import dev.weft.resources.reading.Reading;
import java.util.List;

/**
 * The address of revisions.
 *
 * @param traffic what is wanted
 * @param assigned what the status says: every entry with its revision's name; empty until it has been reconciled
 */
public record Route(Resource resource, List<TrafficEntry> traffic, List<TrafficEntry> assigned) {

    /** With the value {@code cluster-local}: not reachable from the edge. */
    public static final String VISIBILITY_LABEL = "networking.knative.dev/visibility";

    static final String CLUSTER_LOCAL = "cluster-local";

    public Route {
        traffic = List.copyOf(traffic);
        assigned = List.copyOf(assigned);
    }

    public boolean clusterLocal() {
        return CLUSTER_LOCAL.equals(resource.labels().get(VISIBILITY_LABEL));
    }

    public static Read<Route> read(Resource resource) {
        return Reading.of(resource, fields -> of(resource, fields));
    }

    public static Route of(Resource resource, Fields root) {
        TopChecks.of(resource, root);
        List<TrafficEntry> assigned = root.objectOrEmpty("status", status -> {
            status.names();
            return status.objects("traffic", TrafficEntry::ofStatus);
        });
        List<TrafficEntry> traffic = root.objectOrEmpty("spec", spec -> TrafficEntry.list(spec, true));
        return new Route(resource, traffic, assigned);
    }
}
