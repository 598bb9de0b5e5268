package dev.weft.apiserver.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.resources.Change;
import dev.weft.resources.Key;
import dev.weft.resources.Kinds;
import dev.weft.resources.MemoryStore;
import dev.weft.resources.RefusedException;
import dev.weft.resources.RefusedException.Reason;
import dev.weft.resources.Resource;
import dev.weft.resources.ResourceStore;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What every controller may rely on: the same sentences hold for the store in memory and for the one on disk. */
class StoreContractTest {

    enum Which {
        MEMORY,
        SQLITE
    }

    @TempDir
    Path directory;

    private @Nullable SqliteStore sqlite;

    @AfterEach
    void close() {
        if (sqlite != null) {
            sqlite.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void numbersAndDatesANewResource(Which which) {
        Resource stored = open(which).create(config("a", "1"));

        assertThat(stored.uid()).isNotEmpty();
        assertThat(stored.generation()).isEqualTo(1);
        assertThat(stored.resourceVersion()).isNotEmpty();
        assertThat(stored.at("/metadata/creationTimestamp").asString("")).matches("\\d{4}-.*Z");
    }

    @ParameterizedTest
    @EnumSource
    void refusesToCreateWhatExists(Which which) {
        ResourceStore store = open(which);
        store.create(config("a", "1"));

        assertThatThrownBy(() -> store.create(config("a", "2")))
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.reason()).isEqualTo(Reason.ALREADY_EXISTS));
    }

    @ParameterizedTest
    @EnumSource
    void raisesTheGenerationWhenMoreThanMetadataChanges(Which which) {
        ResourceStore store = open(which);
        store.create(config("a", "1"));
        Resource relabelled = store.update(labelled(config("a", "1"), "tier", "web"));
        Resource changed = store.update(config("a", "2"));

        assertThat(relabelled.generation()).isEqualTo(1);
        assertThat(changed.generation()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource
    void keepsStatusAndIdentityWhenUpdated(Which which) {
        ResourceStore store = open(which);
        Resource created = store.create(config("a", "1"));
        store.updateStatus(created.key(), json("{'ready':true}"));
        Resource updated = store.update(config("a", "2"));

        assertThat(updated.uid()).isEqualTo(created.uid());
        assertThat(updated.at("/status/ready").asBoolean(false)).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void writesNothingWhenNothingChanged(Which which) {
        ResourceStore store = open(which);
        Resource created = store.create(config("a", "1"));

        assertThat(store.update(config("a", "1")).resourceVersion()).isEqualTo(created.resourceVersion());
        assertThat(store.apply(config("a", "1")).resourceVersion()).isEqualTo(created.resourceVersion());
    }

    @ParameterizedTest
    @EnumSource
    void refusesAnUpdateOfAnOldVersion(Which which) {
        ResourceStore store = open(which);
        Resource old = store.create(config("a", "1"));
        store.update(config("a", "2"));
        ObjectNode stale = old.edit();
        stale.withObject("/data").put("value", "3");

        assertThatThrownBy(() -> store.update(new Resource(Kinds.CONFIG_MAP, stale)))
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CONFLICT));
    }

    @ParameterizedTest
    @EnumSource
    void refusesToUpdateWhatIsNotThere(Which which) {
        ResourceStore store = open(which);

        assertThatThrownBy(() -> store.update(config("a", "1")))
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.reason()).isEqualTo(Reason.NOT_FOUND));
        assertThatThrownBy(() -> store.updateStatus(key("a"), json("{}")))
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.reason()).isEqualTo(Reason.NOT_FOUND));
    }

    @ParameterizedTest
    @EnumSource
    void appliesOnTopOfTheLabelsThatOthersSet(Which which) {
        ResourceStore store = open(which);
        store.apply(labelled(config("a", "1"), "mine", "x"));
        Resource applied = store.apply(labelled(config("a", "2"), "yours", "y"));

        assertThat(applied.labels()).containsEntry("mine", "x").containsEntry("yours", "y");
        assertThat(applied.at("/data/value").asString("")).isEqualTo("2");
    }

    @ParameterizedTest
    @EnumSource
    void aStatusNeverChangesTheGeneration(Which which) {
        ResourceStore store = open(which);
        Resource created = store.create(config("a", "1"));
        Resource after = store.updateStatus(created.key(), json("{'n':1}"));

        assertThat(after.generation()).isEqualTo(1);
        assertThat(after.resourceVersion()).isNotEqualTo(created.resourceVersion());
        assertThat(store.updateStatus(created.key(), json("{'n':1}")).resourceVersion())
                .isEqualTo(after.resourceVersion());
    }

    @ParameterizedTest
    @EnumSource
    void keepsWhatAFinalizerHoldsUntilTheLastOneGoes(Which which) {
        ResourceStore store = open(which);
        ObjectNode held = config("a", "1").edit();
        held.withObject("/metadata").putArray("finalizers").add("weft.dev/test");
        store.create(new Resource(Kinds.CONFIG_MAP, held));
        store.delete(key("a"));
        boolean marked = store.get(key("a")).orElseThrow().deleting();
        store.update(config("a", "1"));

        assertThat(marked).isTrue();
        assertThat(store.get(key("a"))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void refusesToDeleteWhatHasChangedSinceItWasRead(Which which) {
        ResourceStore store = open(which);
        Resource seen = store.create(config("a", "1"));
        Resource newest = store.update(config("a", "2"));

        assertThatThrownBy(() -> store.deleteUnchanged(seen))
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CONFLICT));
        assertThat(store.get(key("a"))).isPresent();
        store.deleteUnchanged(newest);
        store.deleteUnchanged(newest);
        assertThat(store.get(key("a"))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void deletesWhatTheDeletedOwned(Which which) {
        ResourceStore store = open(which);
        Resource owner = store.create(config("owner", "1"));
        Resource child = store.create(owned(config("child", "1"), owner));
        store.create(owned(config("grandchild", "1"), child));
        store.delete(owner.key());

        assertThat(store.list(Kinds.CONFIG_MAP)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void keepsWhatAnotherOwnerStillHolds(Which which) {
        ResourceStore store = open(which);
        Resource one = store.create(config("one", "1"));
        Resource two = store.create(config("two", "1"));
        store.create(owned(owned(config("child", "1"), one), two));
        store.delete(one.key());

        assertThat(store.get(key("child"))).isPresent();
    }

    @ParameterizedTest
    @EnumSource
    void deletesWhatComesAfterItsOwnerHasGone(Which which) {
        ResourceStore store = open(which);
        Resource owner = store.create(config("owner", "1"));
        store.delete(owner.key());
        store.create(owned(config("late", "1"), owner));

        assertThat(store.get(key("late"))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void listsByNamespaceAndName(Which which) {
        ResourceStore store = open(which);
        store.create(config("b", "1"));
        store.create(config("a", "1"));
        store.create(new Resource(
                Kinds.CONFIG_MAP, Resource.of(Kinds.CONFIG_MAP.key("aaa", "z")).edit()));

        assertThat(store.list(Kinds.CONFIG_MAP))
                .extracting(Resource::toString)
                .containsExactly("ConfigMap aaa/z", "ConfigMap shop/a", "ConfigMap shop/b");
    }

    @ParameterizedTest
    @EnumSource
    void tellsAWatchWhatIsThereAndThenEveryChange(Which which) throws Exception {
        ResourceStore store = open(which);
        BlockingQueue<Change> seen = new LinkedBlockingQueue<>();
        store.create(config("a", "1"));
        try (AutoCloseable watch = store.watch(Kinds.CONFIG_MAP, seen::add)) {
            store.update(config("a", "2"));
            store.delete(key("a"));

            assertThat(next(seen).type()).isEqualTo(Change.Type.ADDED);
            assertThat(next(seen).type()).isEqualTo(Change.Type.MODIFIED);
            assertThat(next(seen).type()).isEqualTo(Change.Type.DELETED);
            assertThat(watch).isNotNull();
        }
    }

    private ResourceStore open(Which which) {
        if (which == Which.MEMORY) {
            return new MemoryStore();
        }
        sqlite = new SqliteStore(directory, InstantSource.system());
        return sqlite;
    }

    private static Change next(BlockingQueue<Change> seen) throws InterruptedException {
        Change change = seen.poll(60, TimeUnit.SECONDS);
        assertThat(change).isNotNull();
        return java.util.Objects.requireNonNull(change);
    }

    private static Key key(String name) {
        return Kinds.CONFIG_MAP.key("shop", name);
    }

    private static Resource config(String name, String value) {
        ObjectNode json = Resource.of(key(name)).edit();
        json.withObject("/data").put("value", value);
        return new Resource(Kinds.CONFIG_MAP, json);
    }

    private static Resource labelled(Resource resource, String label, String value) {
        ObjectNode json = resource.edit();
        json.withObject("/metadata").withObject("/labels").put(label, value);
        return new Resource(resource.kind(), json);
    }

    private static Resource owned(Resource resource, Resource owner) {
        ObjectNode json = resource.edit();
        json.withObject("/metadata")
                .withArrayProperty("ownerReferences")
                .addObject()
                .put("uid", owner.uid())
                .put("kind", owner.kind().kind())
                .put("name", owner.name());
        return new Resource(resource.kind(), json);
    }

    private static ObjectNode json(String text) {
        return (ObjectNode) JsonMapper.shared().readTree(text.replace('\'', '"'));
    }
}
