package dev.weft.catalog.slo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.catalog.metrics.Direction;
import dev.weft.catalog.metrics.Party;
import dev.weft.catalog.metrics.Traffic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SelectorTest {

    private static final Traffic GOOD = series(200);
    private static final Traffic BAD = series(503);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "response_total{authority=~\"hello[.]default.*\", classification=\"success\"}",
                "sum(rate(response_total{direction=\"outbound\",status_code!~\"5..\"}[5m]))",
                "sum(increase(response_total{ dst_service = \"hello-00001\" , status_code=\"200\", }[{{.window}}]))",
                "response_total{classification!=\"failure\"}"
            })
    void selectsByLabelsHoweverTheQueryIsDressed(String query) {
        assertThat(Selector.parse(query).matches(GOOD)).isTrue();
        assertThat(Selector.parse(query).matches(BAD)).isFalse();
    }

    @Test
    void anExpressionMatchesTheWholeValue() {
        assertThat(Selector.parse("response_total{authority=~\"hello\"}").matches(GOOD))
                .isFalse();
    }

    @Test
    void saysWhatItDoesNotUnderstandAndWhatItWould() {
        assertThatThrownBy(() -> Selector.parse("http_requests_total{code=\"200\"}"))
                .hasMessageContaining("there is no metric http_requests_total here")
                .hasMessageContaining("response_total");
        assertThatThrownBy(() -> Selector.parse("response_total{deploymnt=\"hello\"}"))
                .hasMessageContaining("there is no label deploymnt here");
        assertThatThrownBy(() -> Selector.parse("a / b")).hasMessageContaining("more than a selection of one counter");
        assertThatThrownBy(() -> Selector.parse("response_latency_ms_bucket{le=\"75\"}"))
                .hasMessageContaining("le: \"75\" is no bound that is counted at");
        assertThatThrownBy(() -> Selector.parse("response_total{authority=~\"(\"}"))
                .hasMessageContaining("is no regular expression");
    }

    @Test
    void knowsWhenARequestWouldCountTwice() {
        assertThat(Selector.parse("response_total{namespace=\"default\"}").countsOneSide())
                .isFalse();
        assertThat(Selector.parse("response_total{direction=\"inbound\"}").countsOneSide())
                .isTrue();
    }

    private static Traffic series(int status) {
        return new Traffic(
                Direction.OUTBOUND,
                Party.EDGE,
                "hello.default.svc.cluster.local:80",
                "default/hello-00001",
                Party.NONE,
                "",
                "",
                true,
                "",
                "rule",
                status,
                -1,
                "");
    }
}
