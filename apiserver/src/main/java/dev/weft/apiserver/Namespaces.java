package dev.weft.apiserver;

import dev.weft.apiserver.store.SqliteStore;
import dev.weft.resources.Change;
import dev.weft.resources.Key;
import dev.weft.resources.Kinds;
import dev.weft.resources.Reconciler;
import dev.weft.resources.Resource;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Keeps namespaces as in Kubernetes: each has its phase and the ServiceAccount {@code default}, and one that is deleted
 * goes after everything in it has gone.
 */
final class Namespaces implements AutoCloseable {

    private static final List<String> FROM_THE_START = List.of("default", "kube-system", "weft");
    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);

    private final SqliteStore store;
    private final InstantSource clock;
    private final Reconciler<Key> reconciler;
    private final AutoCloseable watch;

    Namespaces(SqliteStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
        FROM_THE_START.forEach(name -> {
            Key key = Kinds.NAMESPACE.key("", name);
            if (store.get(key).isEmpty()) {
                store.create(Resource.of(key));
            }
            reconcile(key);
        });
        this.reconciler = new Reconciler<>("namespaces", this::reconcile);
        this.watch = store.watch(Kinds.NAMESPACE, this::changed);
    }

    @Override
    public void close() {
        try {
            watch.close();
        } catch (Exception e) {
            throw new IllegalStateException(e); // closing a watch of ours throws nothing
        }
        reconciler.close();
    }

    private void changed(Change change) {
        if (change.type() != Change.Type.DELETED) {
            reconciler.enqueue(change.resource().key());
        }
    }

    private void reconcile(Key key) {
        store.get(key).ifPresent(namespace -> {
            if (namespace.deleting()) {
                empty(namespace);
            } else {
                keep(namespace);
            }
        });
    }

    private void keep(Resource namespace) {
        store.update(namespace); // one from before namespaces were held from their first moment
        Key account = Kinds.SERVICE_ACCOUNT.key(namespace.name(), "default");
        if (store.get(account).isEmpty()) {
            store.create(Resource.of(account));
        }
    }

    private void empty(Resource namespace) {
        List<Resource> left = new ArrayList<>();
        for (Resource resource : store.everything().resources()) {
            if (resource.namespace().equals(namespace.name())) {
                store.delete(resource.key());
                store.get(resource.key()).ifPresent(left::add);
            }
        }
        if (!left.isEmpty()) {
            store.updateStatus(namespace.key(), remaining(namespace, left));
        } else if (released(namespace.key())) {
            return;
        }
        reconciler.enqueueAfter(
                namespace.key(), LOOK_AGAIN); // held by finalizers, or brought by a controller meanwhile
    }

    /** What keeps a namespace from going, as Kubernetes' conditions say it. */
    private ObjectNode remaining(Resource namespace, List<Resource> left) {
        Map<String, Integer> kindsLeft = new TreeMap<>();
        Map<String, Integer> finalizers = new TreeMap<>();
        for (Resource resource : left) {
            kindsLeft.merge(resource.kind().plural() + "." + resource.kind().group(), 1, Integer::sum);
            resource.at("/metadata/finalizers")
                    .forEach(finalizer -> finalizers.merge(finalizer.asString(""), 1, Integer::sum));
        }
        ObjectNode status = phase("Terminating");
        ArrayNode conditions = status.putArray("conditions");
        condition(
                namespace,
                conditions,
                "NamespaceContentRemaining",
                "SomeResourcesRemain",
                kindsLeft.entrySet().stream()
                        .map(kind -> kind.getKey() + " has " + kind.getValue() + " resource instances")
                        .collect(Collectors.joining(", ", "Some resources are remaining: ", "")));
        if (!finalizers.isEmpty()) {
            condition(
                    namespace,
                    conditions,
                    "NamespaceFinalizersRemaining",
                    "SomeFinalizersRemain",
                    finalizers.entrySet().stream()
                            .map(finalizer ->
                                    finalizer.getKey() + " in " + finalizer.getValue() + " resource instances")
                            .collect(Collectors.joining(
                                    ", ", "Some content in the namespace has finalizers remaining: ", "")));
        }
        return status;
    }

    private void condition(Resource namespace, ArrayNode into, String type, String reason, String message) {
        String since = namespace
                .at("/status/conditions")
                .valueStream()
                .filter(it -> it.path("type").asString("").equals(type))
                .findFirst()
                .map(it -> it.path("lastTransitionTime").asString(""))
                .orElseGet(() -> clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
        into.addObject()
                .put("type", type)
                .put("status", "True")
                .put("lastTransitionTime", since)
                .put("reason", reason)
                .put("message", message);
    }

    /** Whether it has gone: the store keeps it while anything is in it. */
    private boolean released(Key key) {
        store.get(key).ifPresent(namespace -> {
            ObjectNode json = namespace.edit();
            json.withObject("/spec").putArray("finalizers");
            store.update(new Resource(namespace.kind(), json));
        });
        return store.get(key).isEmpty();
    }

    private static ObjectNode phase(String phase) {
        return JsonNodeFactory.instance.objectNode().put("phase", phase);
    }
}
