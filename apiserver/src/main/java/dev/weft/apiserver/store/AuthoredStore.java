package dev.weft.apiserver.store;

import dev.weft.resources.Change;
import dev.weft.resources.Key;
import dev.weft.resources.Kind;
import dev.weft.resources.Resource;
import dev.weft.resources.ResourceStore;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.databind.node.ObjectNode;

/** The same store for one controller, whose writes carry its name. */
record AuthoredStore(SqliteStore store, Author author) implements ResourceStore {

    @Override
    public Optional<Resource> get(Key key) {
        return store.get(key);
    }

    @Override
    public List<Resource> list(Kind kind) {
        return store.list(kind);
    }

    @Override
    public Resource create(Resource resource) {
        return store.write((lifecycle, draft) -> lifecycle.create(draft, resource, author));
    }

    @Override
    public Resource update(Resource resource) {
        return store.write((lifecycle, draft) -> lifecycle.update(draft, resource, author));
    }

    @Override
    public Resource apply(Resource resource) {
        return store.write((lifecycle, draft) -> lifecycle.apply(draft, resource, author));
    }

    @Override
    public Resource updateStatus(Key key, ObjectNode status) {
        return store.write((lifecycle, draft) -> lifecycle.updateStatus(draft, Resource.of(key), status, author));
    }

    @Override
    public void delete(Key key) {
        store.delete(key);
    }

    @Override
    public void deleteUnchanged(Resource seen) {
        store.deleteUnchanged(seen);
    }

    @Override
    public AutoCloseable watch(Kind kind, Consumer<Change> consumer) {
        return store.watch(kind, consumer);
    }
}
