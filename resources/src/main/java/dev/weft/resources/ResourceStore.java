package dev.weft.resources;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.databind.node.ObjectNode;

/**
 * Joint to what is declared: the embedded store on one machine, a cluster's API server on Kubernetes. Controllers are
 * written against this alone.
 *
 * <p>Every method may block for a disk or a network, so none is called on an event loop. All are safe from any thread.
 * A refusal is a {@link RefusedException}.
 */
public interface ResourceStore {

    Optional<Resource> get(Key key);

    /** All resources of the kind, in all namespaces, ordered by namespace and name. */
    List<Resource> list(Kind kind);

    /**
     * Stores a new resource.
     *
     * @return as stored, with uid, resourceVersion, generation and creationTimestamp
     * @throws RefusedException with {@link RefusedException.Reason#ALREADY_EXISTS} or {@code INVALID}
     */
    Resource create(Resource resource);

    /**
     * Replaces an existing resource, but for its status. The generation grows when anything but metadata changed; nothing
     * is written when nothing changed.
     *
     * @throws RefusedException with {@code NOT_FOUND}, {@code INVALID}, or {@code CONFLICT} when it carries a
     *     resourceVersion that is not the newest
     */
    Resource update(Resource resource);

    /**
     * Makes the resource be as given: creates it, or replaces what the given document says (its spec or data, labels and
     * annotations it names) and leaves the rest. Nothing is written when nothing changes.
     */
    Resource apply(Resource resource);

    /**
     * Replaces {@code status} and nothing else; the generation stays.
     *
     * @throws RefusedException with {@code NOT_FOUND}
     */
    Resource updateStatus(Key key, ObjectNode status);

    /**
     * Deletes: at once when it has no finalizers, otherwise it is marked and goes when the last finalizer does. What it
     * owns (ownerReferences) goes after it. Absent is fine.
     */
    void delete(Key key);

    /**
     * Does what {@link #delete} does, unless the resource has changed since it was read.
     *
     * @throws RefusedException with {@code CONFLICT} when {@code seen} is not the newest
     */
    void deleteUnchanged(Resource seen);

    /**
     * Follows one kind: first every resource there is, as {@code ADDED}, then every change, in order, on one thread of
     * the store's. The consumer must not block for long.
     *
     * @return closes the watch
     */
    AutoCloseable watch(Kind kind, Consumer<Change> consumer);
}
