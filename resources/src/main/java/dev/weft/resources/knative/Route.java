package dev.weft.resources.knative;

import dev.weft.resources.Resource;
import dev.weft.resources.reading.Fields;
import dev.weft.resources.reading.Read;
import dev.weft.resources.reading.Reading;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * The address of revisions.
 *
 * @param traffic what is wanted
 * @param assigned what the status says: every entry with its revision's name; empty until it has been reconciled
 */
public record Route(Resource resource, List<TrafficEntry> traffic, List<TrafficEntry> assigned) {

    /** With the value {@code cluster-local}: not reachable from the edge. */
    public static final String VISIBILITY_LABEL = "networking.knative.dev/visibility";

    private static final String SERVICE_LABEL = "serving.knative.dev/service";

    static final String CLUSTER_LOCAL = "cluster-local";

    public Route {
        traffic = List.copyOf(traffic);
        assigned = List.copyOf(assigned);
    }

    public boolean clusterLocal() {
        return labelledLocal(resource);
    }

    /**
     * Whether a Route or a core Service is of the cluster alone: by its own label, or by that of a Route which answers
     * under its name, also a tag's, or whose Knative service made it.
     *
     * @param routes at least those of its namespace
     */
    public static boolean clusterLocal(Resource target, List<Resource> routes) {
        return labelledLocal(target)
                || routes.stream()
                        .filter(route -> route.namespace().equals(target.namespace()) && labelledLocal(route))
                        .anyMatch(route -> answersFor(route, target));
    }

    private static boolean labelledLocal(Resource labelled) {
        return CLUSTER_LOCAL.equals(labelled.labels().get(VISIBILITY_LABEL));
    }

    private static boolean answersFor(Resource route, Resource target) {
        if (route.name().equals(target.name())
                || route.name().equals(target.labels().get(SERVICE_LABEL))) {
            return true;
        }
        for (String traffic : List.of("/spec/traffic", "/status/traffic")) {
            for (JsonNode entry : route.at(traffic)) {
                if (target.name().equals(entry.path("tag").asString("") + "-" + route.name())) {
                    return true;
                }
            }
        }
        return false;
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
