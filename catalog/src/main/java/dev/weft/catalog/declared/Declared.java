package dev.weft.catalog.declared;

import dev.weft.resources.Change;
import dev.weft.resources.Key;
import dev.weft.resources.Kind;
import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import dev.weft.resources.ResourceStore;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The newest state of every resource of the kinds that are shown. Fed by watches; reading never touches the store. */
public final class Declared implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Declared.class);

    /** In the order in which they are listed. */
    private static final List<Kind> KINDS = List.of(
            Kinds.KNATIVE_SERVICE,
            Kinds.CONFIGURATION,
            Kinds.REVISION,
            Kinds.ROUTE,
            Kinds.DOMAIN_MAPPING,
            Kinds.LISTENER,
            Kinds.HOST,
            Kinds.MAPPING,
            Kinds.TCP_MAPPING,
            Kinds.TRAFFIC_SPLIT,
            Kinds.TRAFFIC_TARGET,
            Kinds.HTTP_ROUTE_GROUP,
            Kinds.TCP_ROUTE,
            Kinds.SLO,
            Kinds.SERVICE,
            Kinds.DEPLOYMENT,
            Kinds.POD,
            Kinds.LOCAL_IMAGE);

    private static final Comparator<Resource> ORDER =
            Comparator.comparing(Resource::namespace).thenComparing(Resource::name);

    private final Map<Kind, Map<Key, Resource>> resources = new ConcurrentHashMap<>();
    private final List<AutoCloseable> watches = new ArrayList<>();

    /** Starts to follow. */
    public Declared(ResourceStore store) {
        for (Kind kind : KINDS) {
            resources.put(kind, new ConcurrentHashMap<>());
            watches.add(store.watch(kind, this::changed));
        }
    }

    static List<Kind> kinds() {
        return KINDS;
    }

    /** All of a kind that is followed, ordered by namespace and name. */
    public List<Resource> all(Kind kind) {
        return resources.getOrDefault(kind, Map.of()).values().stream()
                .sorted(ORDER)
                .toList();
    }

    public Optional<Resource> find(Kind kind, String namespace, String name) {
        return Optional.ofNullable(resources.getOrDefault(kind, Map.of()).get(kind.key(namespace, name)));
    }

    @Override
    public void close() {
        for (AutoCloseable watch : watches) {
            try {
                watch.close();
            } catch (Exception e) {
                LOG.warn("A watch did not close", e);
            }
        }
    }

    private void changed(Change change) {
        Resource resource = change.resource();
        Map<Key, Resource> ofKind = resources.computeIfAbsent(resource.kind(), any -> new ConcurrentHashMap<>());
        if (change.type() == Change.Type.DELETED) {
            ofKind.remove(resource.key());
        } else {
            ofKind.put(resource.key(), resource);
        }
    }
}
