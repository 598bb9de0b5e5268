package dev.weft.apiserver.store;

import dev.weft.resources.Change;
import dev.weft.resources.Key;
import dev.weft.resources.Kind;
import dev.weft.resources.RefusedException;
import dev.weft.resources.Resource;
import dev.weft.resources.ResourceStore;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Predicate;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The embedded store. Reads come from memory; a write returns after SQLite has synced it, so what was acknowledged
 * survives a kill -9 and a loss of power. When the disk refuses, writes are refused with one clear message and reads go
 * on.
 */
public final class SqliteStore implements ResourceStore, AutoCloseable {

    private final Index index;
    private final Dispatcher dispatcher;
    private final GroupCommit commits;
    private final Lifecycle lifecycle;

    /**
     * Opens {@code store.db} in the directory, or makes it.
     *
     * @throws StoreException when another process has it, or it is damaged or not readable
     */
    public SqliteStore(Path directory, InstantSource clock) {
        Database database = Database.open(directory.resolve("store.db"));
        try {
            this.index = database.load();
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
        this.lifecycle = new Lifecycle(clock);
        this.dispatcher = new Dispatcher();
        this.commits = new GroupCommit(database, index, dispatcher::announce);
        index.orphans().forEach(this::delete);
    }

    /** The same store for somebody whose writes carry his name. */
    public ResourceStore writtenBy(Author author) {
        return new AuthoredStore(this, author);
    }

    @Override
    public Optional<Resource> get(Key key) {
        return index.get(key);
    }

    @Override
    public List<Resource> list(Kind kind) {
        return index.list(kind, "").resources();
    }

    @Override
    public Resource create(Resource resource) {
        return commits.write(draft -> lifecycle.create(draft, resource, Author.UNNAMED), false);
    }

    @Override
    public Resource update(Resource resource) {
        return update(resource, false);
    }

    @Override
    public Resource apply(Resource resource) {
        return apply(resource, false);
    }

    Resource write(BiFunction<Lifecycle, Draft, Resource> operation) {
        return commits.write(draft -> operation.apply(lifecycle, draft), false);
    }

    @Override
    public Resource updateStatus(Key key, ObjectNode status) {
        return commits.write(draft -> lifecycle.updateStatus(draft, Resource.of(key), status, Author.UNNAMED), false);
    }

    @Override
    public void delete(Key key) {
        delete(key, Deletion.BACKGROUND, false);
    }

    @Override
    public void deleteUnchanged(Resource seen) {
        delete(seen.key(), new Deletion(seen.uid(), seen.resourceVersion(), Deletion.Propagation.BACKGROUND), false);
    }

    @Override
    public AutoCloseable watch(Kind kind, Consumer<Change> consumer) {
        return dispatcher.watch(index, kind, consumer);
    }

    /**
     * What {@link #create(Resource)} does, or would do, in a namespace that is there and stays: nothing may come into it after
     * its last look for what it still holds.
     *
     * @throws RefusedException with {@code NOT_FOUND} too when the namespace has gone or is being deleted
     */
    public Resource createWithin(Resource resource, boolean dryRun) {
        return commits.write(draft -> lifecycle.createWithin(draft, resource, Author.UNNAMED), dryRun);
    }

    /** What {@link #apply(Resource)} does, or would do. */
    public Resource apply(Resource resource, boolean dryRun) {
        return commits.write(draft -> lifecycle.apply(draft, resource, Author.UNNAMED), dryRun);
    }

    /** What {@link #update(Resource)} does, or would do. */
    public Resource update(Resource resource, boolean dryRun) {
        return commits.write(draft -> lifecycle.update(draft, resource, Author.UNNAMED), dryRun);
    }

    /** What {@link #update(Resource)} does, and replaces the status too: for kinds where no other path writes it. */
    public Resource updateWhole(Resource resource, boolean dryRun) {
        return commits.write(draft -> lifecycle.updateWhole(draft, resource), dryRun);
    }

    /**
     * Replaces the status with the given document's.
     *
     * @throws RefusedException with {@code NOT_FOUND}, or {@code CONFLICT} when the document carries a resourceVersion
     *     that is not the newest
     */
    public Resource updateStatus(Resource resource, boolean dryRun) {
        ObjectNode status = resource.json().path("status") instanceof ObjectNode given
                ? given
                : JsonNodeFactory.instance.objectNode();
        return commits.write(draft -> lifecycle.updateStatus(draft, resource, status, Author.UNNAMED), dryRun);
    }

    /**
     * Deletes.
     *
     * @return what is left: the resource marked for deletion while finalizers hold it, empty once it has gone
     * @throws RefusedException with {@code CONFLICT} when it is not the one that was meant
     */
    public Optional<Resource> delete(Key key, Deletion deletion, boolean dryRun) {
        return commits.write(
                draft -> {
                    lifecycle.delete(draft, key, deletion);
                    return draft.get(key);
                },
                dryRun);
    }

    /** Everything of a kind, of one namespace or (empty) of all, with the version to watch from. */
    public Listing list(Kind kind, String namespace) {
        return index.list(kind, namespace);
    }

    /**
     * The same as it was at an earlier version.
     *
     * @throws GoneException when the changes since then are not all kept
     */
    public Listing listAt(Kind kind, String namespace, long version) {
        return index.listAt(kind, namespace, version);
    }

    /**
     * The changes of a kind after a version, the first hundred; waits when there is none yet.
     *
     * @return with no changes when the time is over
     * @throws GoneException when some of those changes are not kept any more: the last 1,000 of each kind are, since
     *     the start of this process
     */
    public Changes changesAfter(Kind kind, long version, Duration wait) throws InterruptedException {
        return index.changesAfter(kind, version, wait);
    }

    /** Everything there is, at one moment, ordered within each kind. */
    public Listing everything() {
        return index.everything();
    }

    /**
     * Makes what there is be as it was: in one transaction everything given is written, with its uid and status, and every
     * other resource goes. What neither side should lose or bring back stays as it is.
     *
     * @param untouched resources of now that stay
     */
    public void restore(List<Resource> resources, Predicate<Resource> untouched) {
        commits.write(
                draft -> {
                    Set<Key> wanted = new HashSet<>();
                    resources.forEach(resource -> wanted.add(resource.key()));
                    for (Resource now : draft.all()) {
                        if (!wanted.contains(now.key()) && !untouched.test(now)) {
                            draft.remove(now);
                        }
                    }
                    resources.forEach(resource -> draft.put(resource.key(), resource.edit()));
                    return true;
                },
                false);
        index.orphans().forEach(this::delete);
    }

    /** The newest resourceVersion. */
    public long version() {
        return index.version();
    }

    /** Finishes the writes under way and closes the file. */
    @Override
    public void close() {
        commits.close();
        dispatcher.close();
    }
}
