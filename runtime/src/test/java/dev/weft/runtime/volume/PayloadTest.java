package dev.weft.runtime.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PayloadTest {

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
    void dotsInNamesAreOrdinary() throws VolumeProblem {
        put(".hidden/a..b/c.");
        assertThat(payload.files()).containsOnlyKeys(".hidden/a..b/c.");
    }
}
