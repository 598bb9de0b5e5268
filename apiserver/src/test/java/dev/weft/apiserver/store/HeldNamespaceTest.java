package dev.weft.apiserver.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.resources.Key;
import dev.weft.resources.Kinds;
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

        assertThat(store.get(GOING))
                .hasValueSatisfying(it -> assertThat(it.deleting()).isTrue());
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

        ObjectNode released = store.get(GOING).orElseThrow().edit();
        released.withObject("/spec").putArray("finalizers");
        store.update(new Resource(Kinds.NAMESPACE, released));

        assertThat(store.get(GOING)).isEmpty();
    }
}
