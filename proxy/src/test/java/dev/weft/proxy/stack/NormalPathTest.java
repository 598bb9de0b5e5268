package dev.weft.proxy.stack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.traffic.EdgeRules;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NormalPathTest {

    private static EdgeRules.Heads rules(EdgeRules.EscapedSlashes slashes, boolean merge) {
        return new EdgeRules.Heads(EdgeRules.Underscores.REFUSE, slashes, merge, 1, 1, 1);
    }

    @ParameterizedTest
    @CsvSource({
        "/a/b, /a/b",
        "/a/./b, /a/b",
        "/a/../b, /b",
        "/a/.., /",
        "/a/b/.., /a/",
        "/a/., /a/",
        "/../../a, /a",
        "/a/%2e%2E/b, /b",
        "/%61%7e%2D%5f, /a~-_",
        "/a%20b%c3%a4, /a%20b%c3%a4",
        "/%252e%252e/a, /%252e%252e/a",
        "/a//b, /a//b",
        "/a/...//.b, /a/...//.b",
        "/a/.%2e, /",
    })
    void leavesOneWayOfWritingIt(String path, String normal) {
        assertThat(NormalPath.of(path, EdgeRules.Heads.DEFAULT)).isEqualTo(new NormalPath.Normal(normal));
        assertThat(NormalPath.of(normal, EdgeRules.Heads.DEFAULT)).isEqualTo(new NormalPath.Normal(normal));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a%2Fb", "/a%5cb", "/a%00", "/a/..;/b", "/.;x", "/%2e%2e;a/b", "/a%", "/a%4", "/a%zz"})
    void refusesWhatProgramsReadDifferently(String path) {
        assertThat(NormalPath.of(path, EdgeRules.Heads.DEFAULT)).isInstanceOf(NormalPath.Refused.class);
        byte[] bytes = path.getBytes(StandardCharsets.ISO_8859_1);
        assertThat(NormalPath.isNormal(bytes, 0, bytes.length)).isFalse();
    }

    @Test
    void treatsEscapedSlashesAsItIsTold() {
        assertThat(NormalPath.of("/a%2Fb/%2e%2E", rules(EdgeRules.EscapedSlashes.ALLOW, false)))
                .isEqualTo(new NormalPath.Normal("/"));
        assertThat(NormalPath.of("/a%2fb", rules(EdgeRules.EscapedSlashes.ALLOW, false)))
                .isEqualTo(new NormalPath.Normal("/a%2fb"));
        assertThat(NormalPath.of("/a%2Fb%5C..%2Fc", rules(EdgeRules.EscapedSlashes.REDIRECT, false)))
                .isEqualTo(new NormalPath.Elsewhere("/a/c"));
    }

    @Test
    void mergesSlashesWhereItIsTold() {
        EdgeRules.Heads merging = rules(EdgeRules.EscapedSlashes.REFUSE, true);
        assertThat(NormalPath.of("//a///b//", merging)).isEqualTo(new NormalPath.Normal("/a/b/"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/a", "/a/b.c", "/a.b/c..d", "/_x-y~"})
    void knowsNormalPathsAtAGlance(String path) {
        byte[] bytes = path.getBytes(StandardCharsets.ISO_8859_1);
        assertThat(NormalPath.isNormal(bytes, 0, bytes.length)).isTrue();
    }
}
