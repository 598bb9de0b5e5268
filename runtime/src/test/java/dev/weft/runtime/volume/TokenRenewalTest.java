package dev.weft.runtime.volume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.resources.Kinds;
import dev.weft.resources.MemoryStore;
import dev.weft.resources.Resource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** Tokens of service accounts in the files of pods, by a clock that only the test moves. */
class TokenRenewalTest {

    private static final Duration LASTS = Duration.ofSeconds(3607);

    /** An API whose tokens say when they end. */
    private final class Issuer implements AccountTokens {

        @Override
        public Optional<String> token(String namespace, String account, Duration validity) {
            return refusing
                    ? Optional.empty()
                    : Optional.of(namespace + "/" + account + " until " + now.plus(validity));
        }

        @Override
        public String authority() {
            return "-----BEGIN CERTIFICATE-----";
        }
    }

    @TempDir
    private Path folder;

    private final MemoryStore store = new MemoryStore();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private boolean refusing;
    private PodVolumes volumes;
    private Path file;

    @BeforeEach
    void makeAPod() throws Exception {
        store.create(Resource.of(Kinds.SERVICE_ACCOUNT.key("shop", "till")));
        ObjectNode json = Resource.of(Kinds.POD.key("shop", "p")).edit();
        json.putObject("spec")
                .put("serviceAccountName", "till")
                .putArray("containers")
                .addObject();
        Resource pod = store.create(new Resource(Kinds.POD, json));
        Volumes all = new Volumes(folder.resolve("volumes"), store, new Issuer(), () -> now);
        volumes = all.of(all.withAccount(pod), "10.0.0.1", memory -> {}, OptionalLong.empty());
        volumes.prepare();
        file = folder.resolve("volumes").resolve(pod.uid()).resolve("kube-api-access/token");
    }

    @Test
    void aTokenStaysWhileMostOfItsLifeIsLeft() throws IOException {
        String first = Files.readString(file);
        Path data = Files.readSymbolicLink(folderOf(file).resolve("..data"));

        now = now.plus(LASTS.multipliedBy(79).dividedBy(100));
        volumes.refresh();

        assertThat(first).isEqualTo("shop/till until 2026-01-01T01:00:07Z");
        assertThat(Files.readString(file)).isEqualTo(first);
        assertThat(Files.readSymbolicLink(folderOf(file).resolve("..data"))).isEqualTo(data);
    }

    @Test
    void aNewOneTakesItsPlaceBeforeItEnds() throws IOException {
        Instant ends = now.plus(LASTS);
        for (int fifth = 0; fifth < 20; fifth++) { // as often as the pods' files are looked at, or rarer
            now = now.plus(LASTS.dividedBy(20));
            volumes.refresh();
            ends = Instant.parse(Files.readString(file).replaceFirst(".* until ", ""));
            assertThat(ends)
                    .as("at every moment the file has a token that is good")
                    .isAfter(now);
        }

        assertThat(ends).isAfter(Instant.parse("2026-01-01T01:00:07Z"));
        assertThat(folderOf(file).resolve("namespace")).hasContent("shop");
        assertThat(Files.isSymbolicLink(file))
                .as("it is read under the same name")
                .isTrue();
    }

    @Test
    void theLastOneStaysWhenThereIsNoNewOne() throws IOException {
        String first = Files.readString(file);
        refusing = true;
        now = now.plus(LASTS);

        volumes.refresh();

        assertThat(Files.readString(file)).isEqualTo(first);
        refusing = false;
        volumes.refresh();
        assertThat(Files.readString(file)).isNotEqualTo(first);
    }

    private static Path folderOf(Path file) {
        return file.resolveSibling("");
    }
}
