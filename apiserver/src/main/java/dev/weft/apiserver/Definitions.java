package dev.weft.apiserver;

import dev.weft.apiserver.kinds.ServedKind;
import dev.weft.apiserver.kinds.ServedKinds;
import dev.weft.resources.Change;
import dev.weft.resources.Key;
import dev.weft.resources.Kind;
import dev.weft.resources.Kinds;
import dev.weft.resources.Reconciler;
import dev.weft.resources.RefusedException;
import dev.weft.resources.RefusedException.Reason;
import dev.weft.resources.Resource;
import dev.weft.resources.ResourceStore;
import dev.weft.resources.definition.CustomResourceDefinition;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Follows the CustomResourceDefinitions: what is defined is served, with its discovery and OpenAPI, before its status says
 * that it is established; what is deleted goes with its resources. Weft's own kinds have definitions from the start; a
 * definition that is applied over one of them describes it and changes nothing else, and one that is deleted comes back.
 */
final class Definitions implements AutoCloseable {

    private static final String CLEANUP = "customresourcecleanup.apiextensions.k8s.io";
    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);

    private final ResourceStore store;
    private final ServedKinds kinds;
    private final InstantSource clock;
    private final Reconciler<Key> reconciler;
    private final AutoCloseable watch;

    Definitions(ResourceStore store, ServedKinds kinds, InstantSource clock) {
        this.store = store;
        this.kinds = kinds;
        this.clock = clock;
        List<Resource> stored = store.list(Kinds.CUSTOM_RESOURCE_DEFINITION);
        Stream<Resource> refused = stored.stream().filter(DefinitionStatus::isTaken);
        Stream.concat(stored.stream().filter(it -> !DefinitionStatus.isTaken(it)), refused) // who has a name keeps it
                .forEach(it -> CustomResourceDefinition.read(DefinitionStatus.asAccepted(it))
                        .value()
                        .ifPresent(kinds::define));
        this.reconciler = new Reconciler<>("definitions", this::reconcile);
        this.watch = store.watch(Kinds.CUSTOM_RESOURCE_DEFINITION, this::changed);
        for (ServedKind kind : kinds.ours()) {
            reconciler.enqueue(OwnDefinition.key(kind)); // later, and one after another: nothing waits for them
        }
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
        if (change.type() == Change.Type.DELETED) { // before another of its name is defined
            CustomResourceDefinition.read(change.resource()).value().ifPresent(kinds::forget);
        }
        reconciler.enqueue(change.resource().key());
        for (Resource definition : store.list(Kinds.CUSTOM_RESOURCE_DEFINITION)) {
            if (DefinitionStatus.isTaken(definition)) {
                reconciler.enqueue(definition.key()); // what it waits for may be free now
            }
        }
    }

    private void reconcile(Key key) {
        Optional<Resource> stored = store.get(key);
        if (stored.isEmpty()) {
            kinds.ours().stream()
                    .filter(kind -> OwnDefinition.key(kind).equals(key))
                    .findFirst()
                    .ifPresent(kind -> store.create(OwnDefinition.of(kind, now())));
            return;
        }
        Optional<CustomResourceDefinition> definition =
                CustomResourceDefinition.read(stored.get()).value();
        if (definition.isPresent() && stored.get().deleting()) {
            empty(definition.get());
        } else if (definition.isPresent()) {
            define(definition.get());
        } else {
            store.updateStatus(key, DefinitionStatus.refused(stored.get(), now()));
        }
    }

    private void define(CustomResourceDefinition definition) {
        Key key = definition.resource().key();
        Optional<ServedKind> holder = kinds.define(definition);
        if (holder.isPresent()) {
            boolean served = kinds.serves(definition);
            store.updateStatus(key, DefinitionStatus.taken(definition, holder.get(), served, now()));
            return;
        }
        hold(definition);
        store.updateStatus(key, DefinitionStatus.of(definition, now()));
    }

    /** Keeps the definition of a foreign kind until its resources have gone. */
    private void hold(CustomResourceDefinition definition) {
        if (isOurs(definition.kind())) {
            return;
        }
        ObjectNode json = definition.resource().edit();
        ArrayNode finalizers = json.withObject("/metadata").withArrayProperty("finalizers");
        if (finalizers.valueStream().noneMatch(it -> it.asString("").equals(CLEANUP))) {
            finalizers.add(CLEANUP);
            store.update(new Resource(definition.resource().kind(), json));
        }
    }

    private void empty(CustomResourceDefinition definition) {
        Resource resource = definition.resource();
        boolean left = false;
        boolean anothers = kinds.holder(definition).isPresent() && !kinds.serves(definition);
        if (!isOurs(definition.kind()) && !anothers) {
            for (Resource custom : store.list(definition.kind())) {
                store.delete(custom.key());
                left |= store.get(custom.key()).isPresent();
            }
        }
        if (left) {
            reconciler.enqueueAfter(resource.key(), LOOK_AGAIN); // finalizers hold something
            return;
        }
        ObjectNode json = resource.edit();
        ArrayNode finalizers = json.withObject("/metadata").withArrayProperty("finalizers");
        for (int i = finalizers.size() - 1; i >= 0; i--) {
            if (finalizers.get(i).asString("").equals(CLEANUP)) {
                finalizers.remove(i);
            }
        }
        try {
            store.update(new Resource(resource.kind(), json));
        } catch (RefusedException e) {
            if (e.reason() != Reason.NOT_FOUND) {
                throw e;
            }
        }
    }

    private String now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private boolean isOurs(Kind kind) {
        return kinds.find(kind).filter(known -> !known.foreign()).isPresent();
    }
}
