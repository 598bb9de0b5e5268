package dev.weft.runtime.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PayloadTest {

    private static final VolumeGroup NOBODYS = new VolumeGroup(OptionalLong.empty());

    private final Payload payload = new Payload();

    private void put(String path) throws VolumeProblem {
        payload.put(path, new byte[1], 0644);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/a",
                "..",
                "../a",
                "a/..",
                "a/../b",
                "..a",
                ".",
                "a/./b",
                "a//b",
                "a/",
                "\n/../../a",
                "a\u0000"
            })
    void aPathThatLeadsElsewhereIsRefused(String path) {
        assertThatThrownBy(() -> put(path)).isInstanceOf(VolumeProblem.class).hasMessageContaining("a relative path");
    }

    @Test
    void aFileIsNotAFolderToo() throws VolumeProblem {
        put("a/b");
        put("a.b");
        assertThatThrownBy(() -> put("a")).hasMessageContaining("one cannot be the other's folder");
        assertThatThrownBy(() -> put("a/b/c")).hasMessageContaining("one cannot be the other's folder");
        assertThat(payload.files()).containsOnlyKeys("a/b", "a.b");
    }

    @Test
    void aWriteThatFailsLeavesNothingBehindAndTheNextOneSucceeds(@TempDir Path folder) throws IOException {
        PayloadFolder written = new PayloadFolder(folder, NOBODYS);
        written.write(Map.of("a", content("1")));
        Map<String, Payload.Content> bad = new LinkedHashMap<>();
        bad.put("a", content("2"));
        bad.put("a/b", content("2"));
        assertThatThrownBy(() -> written.write(bad)).isInstanceOf(IOException.class);
        assertThat(folder.resolve("a")).hasContent("1");
        written.write(Map.of("a", content("3")));
        assertThat(folder.resolve("a")).hasContent("3");
        try (Stream<Path> all = Files.list(folder)) {
            assertThat(all.map(each -> each.getFileName().toString()))
                    .containsExactlyInAnyOrder("a", "..data", "..data-2");
        }
    }

    @Test
    void aWriteThatFailsAfterItsRenameLeavesNothingBehindEither(@TempDir Path folder) throws IOException {
        PayloadFolder written = new PayloadFolder(folder, NOBODYS);
        written.write(Map.of("a", content("1")));
        Path inTheWay = Files.createDirectories(folder.resolve("b/c"));
        assertThatThrownBy(() -> written.write(Map.of("a", content("2")))).isInstanceOf(IOException.class);
        Files.delete(inTheWay);
        written.write(Map.of("a", content("3")));
        try (Stream<Path> all = Files.list(folder)) {
            assertThat(all.map(each -> each.getFileName().toString()))
                    .containsExactlyInAnyOrder("a", "..data", "..data-3");
        }
    }

    private static Payload.Content content(String text) {
        return new Payload.Content(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), 0644);
    }

    @Test
    void dotsInNamesAreOrdinary() throws VolumeProblem {
        put(".hidden/a..b/c.");
        assertThat(payload.files()).containsOnlyKeys(".hidden/a..b/c.");
    }
}
