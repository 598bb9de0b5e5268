package dev.weft.catalog.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.catalog.Given;
import dev.weft.model.outcome.ConnectionOutcome;
import dev.weft.model.outcome.Details;
import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.outcome.Hop;
import dev.weft.model.outcome.Outcome;
import dev.weft.model.outcome.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class AccessLogTest {

    private static final Map<String, String> HEADERS = Map.of(
            "user-agent", "curl/8 \"quoted\"\nline",
            "referer", "https://example.com/page?token=secret",
            "x-forwarded-for", "203.0.113.7");

    @Test
    void writesTheCombinedFormatWithoutQueries() {
        assertThat(line("combined", "", Given.edge("r-1", 200, 5)))
                .isEqualTo("127.0.0.1 - - [01/Jan/2026:00:00:00 +0000] \"GET / HTTP/1.1\" 200 1000 "
                        + "\"https://example.com/page\" \"curl/8 \\\"quoted\\\"\\x0aline\"");
        assertThat(line("combined", "", Given.inbound("r-1", Given.HELLO.identity(), Given.QUOTE_V1, 200, 5)))
                .startsWith("127.1.0.9 - spiffe://cluster.local/ns/default/sa/hello [");
    }

    @Test
    void writesJsonUnderLinkerdsNamesAndOurs() {
        JsonNode json = JsonMapper.shared().readTree(line("json", "", Given.edge("r-1", 200, 5)));

        assertThat(json.path("client.addr").asString()).isEqualTo("127.0.0.1:50000");
        assertThat(json.path("host").asString()).isEqualTo("hello.default.example.com");
        assertThat(json.path("status").asInt()).isEqualTo(200);
        assertThat(json.path("processing_ns").asLong()).isEqualTo(5_000_000);
        assertThat(json.path("user_agent").asString()).isEqualTo("curl/8 \"quoted\"\nline");
        assertThat(json.path("trace_id").asString()).isEqualTo("00000000000000010000000000000002");
        assertThat(json.path("rule").asString()).isEqualTo("rule-1");
        assertThat(json.has("error")).isFalse();
    }

    @Test
    void writesWhatEnvoysFormatStringAsksFor() {
        Outcome refused = Given.refused(Given.edge("r-9", 200, 5), 503, Optional.of(ErrorCode.NO_ENDPOINT), List.of());
        assertThat(line("text", "", Given.edge("r-1", 200, 5)))
                .isEqualTo(
                        "ACCESS [2026-01-01T00:00:00Z] \"GET / HTTP/1.1\" 200 - 100 1000 5 5 \"203.0.113.7\" "
                                + "\"curl/8 \\\"quoted\\\"\\x0aline\" \"r-1\" \"hello.default.example.com\" \"127.1.0.9:4143\"");
        assertThat(line("text", "%RESPONSE_CODE% %RESPONSE_FLAGS% 100%% %REQ(X-A?USER-AGENT):4%", refused))
                .isEqualTo("503 no-endpoint 100% curl");
        assertThatThrownBy(() -> LogFormat.of("text", "%NO_SUCH_THING%")).hasMessageContaining("NO_SUCH_THING");
        assertThatThrownBy(() -> LogFormat.of("text", "%REQ(A)")).hasMessageContaining("no % at its end");
        assertThatThrownBy(() -> LogFormat.of("xml", "")).hasMessageContaining("expected");
    }

    @Test
    void writesConnectionsThatWerePassedOnAsBytes() {
        ConnectionOutcome well = Given.stream("c-1", Optional.empty());
        ConnectionOutcome failed = Given.stream("c-2", Optional.of(ErrorCode.CONNECT_FAILED));
        assertThat(line("combined", "", well))
                .isEqualTo(
                        "127.0.0.1 - - [01/Jan/2026:00:00:00 +0000] \"TCP default/db:5432 OPAQUE\" 200 9 \"-\" \"-\"");
        assertThat(line("combined", "", failed)).contains("\"TCP default/db:5432 OPAQUE\" 502 0 ");
        assertThat(line(
                        "text",
                        "%STREAM_ID% %PROTOCOL% %RESPONSE_CODE% %RESPONSE_FLAGS% %REQ(:METHOD)% %BYTES_SENT%",
                        failed))
                .isEqualTo("c-2 OPAQUE 0 connect-failed - 0");

        JsonNode json = JsonMapper.shared().readTree(line("json", "", well));
        assertThat(json.path("version").asString()).isEqualTo("OPAQUE");
        assertThat(json.path("protocol_reason").asString()).isEqualTo("server_first");
        assertThat(json.path("service").asString()).isEqualTo("default/db:5432");
        assertThat(json.path("upstream").asString()).isEqualTo("127.1.0.9:4143");
        assertThat(json.path("server.id").asString()).isEqualTo("spiffe://cluster.local/ns/default/sa/quote");
        assertThat(json.path("request_bytes").asLong()).isEqualTo(7);
        assertThat(json.path("response_bytes").asLong()).isEqualTo(9);
        assertThat(json.path("processing_ns").asLong()).isEqualTo(1_000_000);
        assertThat(json.path("ended_by").asString()).isEqualTo("client");
        assertThat(json.path("trace_id").asString()).isEqualTo("00000000000000010000000000000002");
        assertThat(JsonMapper.shared()
                        .readTree(line("json", "", failed))
                        .path("error")
                        .asString())
                .isEqualTo("connect-failed");
    }

    @Test
    void picksConnectionsByWhatTheyHave() {
        ConnectionOutcome well = Given.stream("c-1", Optional.empty());
        ConnectionOutcome failed = Given.stream("c-2", Optional.of(ErrorCode.CONNECT_FAILED));
        assertThat(LogCondition.ALL.holds(well)).isTrue();
        assertThat(LogCondition.parse(List.of("error")).holds(well)).isFalse();
        assertThat(LogCondition.parse(List.of("error")).holds(failed)).isTrue();
        assertThat(LogCondition.parse(List.of("slow=1ms")).holds(well)).isTrue();
        assertThat(LogCondition.parse(List.of("slow=2ms")).holds(well))
                .as("it was open for 2 ms, but it opened in 1 ms")
                .isFalse();
        assertThat(LogCondition.parse(List.of("status=5xx", "header=a")).holds(failed))
                .isFalse();
    }

    @Test
    void asksForNoSecretsByItself() {
        for (String format : List.of("json", "combined", "text")) {
            assertThat(LogFormat.of(format, "").headers()).doesNotContain("authorization", "cookie", "set-cookie");
        }
    }

    @Test
    void picksByAnyOfItsConditions() {
        LogCondition condition = LogCondition.parse(List.of("error", "slow=100ms", "status=404", "header=X-Debug=1"));

        assertThat(condition.holds(Given.edge("r", 200, 5))).isFalse();
        assertThat(condition.holds(Given.edge("r", 200, 100))).isTrue();
        assertThat(condition.holds(Given.edge("r", 404, 5))).isTrue();
        assertThat(condition.holds(Given.edge("r", 500, 5))).isTrue();
        assertThat(condition.holds(with(Given.edge("r", 200, 5), Map.of("x-debug", "1"))))
                .isTrue();
        assertThat(condition.headers()).containsExactly("x-debug");
        assertThat(LogCondition.parse(List.of("sample=0")).holds(Given.edge("r", 500, 5)))
                .isFalse();
        assertThatThrownBy(() -> LogCondition.parse(List.of("slow=fast"))).hasMessageContaining("expected");
    }

    @Test
    void picksAShareByChance() {
        LogCondition quarter = LogCondition.parse(List.of("sample=0.25"));
        int picked = 0;
        for (int i = 0; i < 10_000; i++) {
            picked += quarter.holds(Given.edge("r", 200, 5)) ? 1 : 0;
        }
        assertThat(picked).isBetween(2_200, 2_800); // 2,500 and seven standard deviations
        assertThat(LogCondition.parse(List.of("sample=1")).holds(Given.edge("r", 200, 5)))
                .isTrue();
    }

    @Test
    void writesEveryLineInOrderAndOpensAFileThatWasMovedAway(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("access.log");
        AccessLog log = new AccessLog(
                LogFormat.of("text", "%STREAM_ID%"), LogCondition.ALL, EnumSet.of(Hop.EDGE), Optional.of(file));
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            ids.add("r-" + i);
            log.accept(Given.edge("r-" + i, 200, 5));
            log.accept(Given.outbound("other", Given.HELLO, Given.QUOTE_V1, 200, 5));
        }
        while (log.written() < 1_000) {
            Thread.onSpinWait();
        }
        Files.move(file, folder.resolve("access.log.1"));
        log.accept(Given.edge("after", 200, 5));
        log.close();

        assertThat(Files.readAllLines(folder.resolve("access.log.1"))).isEqualTo(ids);
        assertThat(Files.readAllLines(file)).containsExactly("after");
        assertThat(log.dropped()).isZero();
    }

    @Test
    void dropsAndCountsWhatComesFasterThanItCanBeWritten() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch let = new CountDownLatch(1);
        List<Integer> got = new ArrayList<>();
        Outbox<Integer> outbox = new Outbox<>("test-outbox", 100, batch -> {
            begun.countDown();
            try {
                let.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            got.addAll(batch);
        });
        outbox.add(0);
        begun.await();
        for (int i = 1; i <= 150; i++) {
            outbox.add(i);
        }
        let.countDown();
        outbox.close();

        assertThat(outbox.dropped()).isEqualTo(50);
        assertThat(got).hasSize(101).isSorted();
    }

    private static String line(String format, String template, Outcome outcome) {
        StringBuilder line = new StringBuilder();
        LogFormat.of(format, template).append(line, with(outcome, HEADERS));
        return line.toString();
    }

    private static String line(String format, String template, ConnectionOutcome outcome) {
        StringBuilder line = new StringBuilder();
        LogFormat.of(format, template).append(line, outcome);
        return line.toString();
    }

    static Outcome with(Outcome base, Map<String, String> headers) {
        Optional<Trace> trace = Optional.of(new Trace(1, 2, 3, 0, ""));
        return with(base, new Details("HTTP/1.1", Details.NO_GRPC_STATUS, trace, headers));
    }

    static Outcome with(Outcome base, Details details) {
        return new Outcome(
                base.requestId(),
                base.hop(),
                base.reporter(),
                base.client(),
                base.server(),
                base.listener(),
                base.frontend(),
                base.rule(),
                base.service(),
                base.method(),
                base.authority(),
                base.path(),
                base.status(),
                base.error(),
                base.startedAt(),
                base.waitedNanos(),
                base.firstByteNanos(),
                base.totalNanos(),
                base.requestBytes(),
                base.responseBytes(),
                base.attempts(),
                base.decisions(),
                base.snapshotVersion(),
                details);
    }
}
