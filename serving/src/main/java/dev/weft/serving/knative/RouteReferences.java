package dev.weft.serving.knative;

import dev.weft.resources.Key;
import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import dev.weft.resources.ResourceStore;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;

/**
 * Which revisions the Routes refer to. What was reconciled is remembered; after a start nothing is, and then the Routes'
 * documents speak for them.
 *
 * <p>Written by the Routes' controller alone, read by the Configurations' too.
 */
final class RouteReferences {

    private final ResourceStore store;
    private final Map<Key, Set<String>> reconciled = new ConcurrentHashMap<>();

    RouteReferences(ResourceStore store) {
        this.store = store;
    }

    /** Remembers what the Route refers to now, and gives what it referred to before. */
    Set<String> put(Resource route, Set<String> revisions) {
        Set<String> before = reconciled.put(route.key(), revisions);
        return before == null ? named(route, "/status/traffic") : before;
    }

    void forget(Key route) {
        reconciled.remove(route);
    }

    /** Whether a Route refers to it: as reconciled, or, for one that was not yet, as its document says. */
    boolean refer(String namespace, String revision) {
        boolean remembered = reconciled.entrySet().stream()
                .anyMatch(entry -> entry.getKey().namespace().equals(namespace)
                        && entry.getValue().contains(revision));
        return remembered
                || routes(namespace).stream()
                        .filter(route -> !reconciled.containsKey(route.key()))
                        .anyMatch(route -> named(route).contains(revision));
    }

    /** Whether every Route of the namespace was reconciled since the start. */
    boolean complete(String namespace) {
        return routes(namespace).stream().allMatch(route -> reconciled.containsKey(route.key()));
    }

    /** Every revision of the namespace that a stored document wants or routes to, reconciled or not. */
    Set<String> documented(String namespace) {
        Set<String> revisions = new LinkedHashSet<>();
        routes(namespace).forEach(route -> revisions.addAll(named(route)));
        store.list(Kinds.KNATIVE_SERVICE).stream() // its Route is written a moment later
                .filter(service -> service.namespace().equals(namespace))
                .forEach(service -> revisions.addAll(named(service)));
        return revisions;
    }

    private List<Resource> routes(String namespace) {
        return store.list(Kinds.ROUTE).stream()
                .filter(route -> route.namespace().equals(namespace) && !route.deleting())
                .toList();
    }

    private static Set<String> named(Resource resource) {
        Set<String> names = named(resource, "/spec/traffic");
        names.addAll(named(resource, "/status/traffic"));
        return names;
    }

    private static Set<String> named(Resource resource, String traffic) {
        Set<String> names = new LinkedHashSet<>();
        for (JsonNode target : resource.at(traffic)) {
            String name = target.path("revisionName").asString("");
            if (!name.isEmpty()) {
                names.add(name);
            }
        }
        return names;
    }
}
