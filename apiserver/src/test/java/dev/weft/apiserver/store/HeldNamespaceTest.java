package dev.weft.apiserver.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.resources.Key;
import dev.weft.resources.Kinds;
import dev.weft.resources.RefusedException;
import dev.weft.resources.RefusedException.Reason;
import dev.weft.resources.Resource;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** A namespace is held by what may be in it, before any controller has seen it. */
class HeldNamespaceTest {

    private static final Key GOING = Kinds.NAMESPACE.key("", "going");
    private static final Key INSIDE = Kinds.CONFIG_MAP.key("going", "inside");

    @TempDir
    private Path directory;

    private SqliteStore store;

    @BeforeEach
    void open() {
        store = new SqliteStore(directory, InstantSource.system());
        store.create(Resource.of(GOING));
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void fromItsFirstMoment() {
        Resource namespace = store.get(GOING).orElseThrow();
        assertThat(namespace.at("/spec/finalizers").toString()).isEqualTo("[\"kubernetes\"]");
        assertThat(namespace.at("/status/phase").asString("")).isEqualTo("Active");
        assertThat(namespace.at("/metadata/labels").toString())
                .isEqualTo("{\"kubernetes.io/metadata.name\":\"going\"}");
    }

    @Test
    void whenItIsDeletedAtOnce() {
        store.delete(GOING);

        assertThat(store.get(GOING)).hasValueSatisfying(it -> {
            assertThat(it.deleting()).isTrue();
            assertThat(it.at("/status/phase").asString("")).isEqualTo("Terminating");
        });
    }

    @Test
    void whateverADocumentSaysOfIt() {
        store.update(Resource.of(GOING));
        store.apply(Resource.of(GOING));
        store.delete(GOING);

        assertThat(store.get(GOING)).isPresent();
    }

    @Test
    void untilItIsReleasedWhileItGoes() {
        store.delete(GOING);
        ObjectNode silent = store.get(GOING).orElseThrow().edit();
        silent.putObject("spec");
        store.update(new Resource(Kinds.NAMESPACE, silent));
        store.apply(Resource.of(GOING));
        assertThat(store.get(GOING)).isPresent();

        release();

        assertThat(store.get(GOING)).isEmpty();
    }

    @Test
    void asLongAsAnythingIsInIt() {
        store.create(Resource.of(INSIDE));
        store.delete(GOING);
        release();

        assertThat(store.get(GOING)).isPresent();
        store.delete(INSIDE);
        release();
        assertThat(store.get(GOING)).isEmpty();
    }

    @Test
    void alsoByWhatAControllerBringsWhileItGoes() {
        store.delete(GOING);
        store.create(Resource.of(INSIDE));
        release();

        assertThat(store.get(GOING)).isPresent();
    }

    @Test
    void andNothingIsBroughtByClientsOnceItGoes() {
        store.createWithin(Resource.of(INSIDE), false);
        store.delete(INSIDE);
        store.delete(GOING);

        assertThatThrownBy(() -> store.createWithin(Resource.of(INSIDE), false)).satisfies(HeldNamespaceTest::isGone);
        release();
        assertThatThrownBy(() -> store.createWithin(Resource.of(INSIDE), false)).satisfies(HeldNamespaceTest::isGone);
        assertThat(store.get(INSIDE)).isEmpty();
    }

    @Test
    void andGoesThoughAControllerHasSeenItStay() {
        Resource seen = store.get(GOING).orElseThrow();
        store.delete(GOING);

        assertThatThrownBy(() -> store.update(seen))
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CONFLICT));
        assertThat(store.get(GOING))
                .hasValueSatisfying(it -> assertThat(it.deleting()).isTrue());
    }

    /** As its controller does. */
    private void release() {
        ObjectNode released = store.get(GOING).orElseThrow().edit();
        released.withObject("/spec").putArray("finalizers");
        store.update(new Resource(Kinds.NAMESPACE, released));
    }

    private static void isGone(Throwable refusal) {
        assertThat(refusal)
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.reason()).isEqualTo(Reason.NOT_FOUND));
    }
}
