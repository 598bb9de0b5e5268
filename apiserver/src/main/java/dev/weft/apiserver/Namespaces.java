package dev.weft.apiserver;

import dev.weft.resources.Change;
import dev.weft.resources.Key;
import dev.weft.resources.Kind;
import dev.weft.resources.Kinds;
import dev.weft.resources.Reconciler;
import dev.weft.resources.RefusedException;
import dev.weft.resources.RefusedException.Reason;
import dev.weft.resources.Resource;
import dev.weft.resources.ResourceStore;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Keeps namespaces as in Kubernetes: each has its phase and the ServiceAccount {@code default}, and one that is deleted
 * goes after everything in it has gone.
 */
final class Namespaces implements AutoCloseable {

    private static final List<String> FROM_THE_START = List.of("default", "kube-system", "weft");
    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);

    private final ResourceStore store;
    private final Supplier<List<Kind>> kinds;
    private final Reconciler<Key> reconciler;
    private final AutoCloseable watch;

    /** @param kinds every kind that is served at the time */
    Namespaces(ResourceStore store, Supplier<List<Kind>> kinds) {
        this.store = store;
        this.kinds = kinds;
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
        ObjectNode json = namespace.edit();
        json.withObject("/metadata").withObjectProperty("labels").put("kubernetes.io/metadata.name", namespace.name());
        json.withObject("/spec").putArray("finalizers").add("kubernetes");
        store.update(new Resource(namespace.kind(), json));
        store.updateStatus(namespace.key(), phase("Active"));
        Key account = Kinds.SERVICE_ACCOUNT.key(namespace.name(), "default");
        if (store.get(account).isEmpty()) {
            store.create(Resource.of(account));
        }
    }

    private void empty(Resource namespace) {
        store.updateStatus(namespace.key(), phase("Terminating"));
        boolean left = false;
        for (Kind kind : kinds.get()) {
            for (Resource resource : store.list(kind)) {
                if (resource.namespace().equals(namespace.name())) {
                    store.delete(resource.key());
                    left |= store.get(resource.key()).isPresent();
                }
            }
        }
        if (left) {
            reconciler.enqueueAfter(namespace.key(), LOOK_AGAIN); // finalizers hold something
            return;
        }
        store.get(namespace.key()).ifPresent(this::release);
    }

    private void release(Resource namespace) {
        ObjectNode json = namespace.edit();
        json.withObject("/spec").remove("finalizers");
        try {
            store.update(new Resource(namespace.kind(), json));
        } catch (RefusedException e) {
            if (e.reason() != Reason.NOT_FOUND) {
                throw e;
            }
        }
    }

    private static ObjectNode phase(String phase) {
        return JsonNodeFactory.instance.objectNode().put("phase", phase);
    }
}
