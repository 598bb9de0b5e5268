package dev.weft.proxy.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.traffic.RouteFilter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeadEditsTest {

    @Test
    void comesDownToNamesToLeaveOutAndLinesToAppend() {
        HeadEdits edits = HeadEdits.of(List.of(
                new RouteFilter.AddRequestHeader("X-A", "1"),
                new RouteFilter.SetRequestHeader("X-B", "2"),
                new RouteFilter.AddRequestHeader("X-B", "3"),
                new RouteFilter.RemoveRequestHeader("X-A"),
                new RouteFilter.RemoveResponseHeader("Server")));

        assertThat(edits.request().removed()).containsExactlyInAnyOrder("x-a", "x-b");
        assertThat(new String(edits.request().appendedBytes(), StandardCharsets.ISO_8859_1))
                .isEqualTo("X-B: 2\r\nX-B: 3\r\n");
        assertThat(edits.response().removed()).containsExactly("server");
    }

    @Test
    void letsALaterRuleChangeWhatAnEarlierOneAdded() {
        HeadEdits first = HeadEdits.of(List.of(new RouteFilter.SetRequestHeader("X-A", "1")));
        HeadEdits second = HeadEdits.of(List.of(new RouteFilter.SetRequestHeader("x-a", "2")));

        assertThat(first.then(second).request().appended()).containsExactly(new HeadEdits.Line("x-a", "2"));
    }

    @Test
    void joinsARewrittenPathWithoutDoublingTheSlash() {
        assertThat(rewritten("/api/", "/", "/api/v1")).isEqualTo("/v1");
        assertThat(rewritten("/api", "/", "/api/v1")).isEqualTo("/v1");
        assertThat(rewritten("/api", "", "/api")).isEqualTo("/");
        assertThat(rewritten("/api", "/new", "/api/v1")).isEqualTo("/new/v1");
        assertThat(rewritten("/", "/base", "/v1")).isEqualTo("/basev1");
        assertThat(rewritten("/api", "/new", "/other")).isEqualTo("/other");
    }

    private static String rewritten(String prefix, String replacement, String path) {
        return HeadEdits.of(List.of(new RouteFilter.RewritePrefix(prefix, replacement)))
                .rewritten(path);
    }
}
