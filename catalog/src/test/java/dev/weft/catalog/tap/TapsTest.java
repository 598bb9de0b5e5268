package dev.weft.catalog.tap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.weft.catalog.Given;
import dev.weft.model.outcome.ConnectionOutcome;
import dev.weft.model.outcome.Ended;
import dev.weft.model.outcome.Outcome;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class TapsTest {

    private static final Duration SOON = Duration.ofSeconds(60);

    private final Taps taps = new Taps();

    @Test
    void aTapSeesWhatEndsWhileItIsOpenAndNothingElse() {
        taps.offer(Given.edge("before", 200, 1));
        try (Tap tap = taps.open(TapFilter.EVERYTHING)) {
            taps.offer(Given.edge("during", 200, 1));
            assertThat(tap.next(SOON)).map(Ended::id).contains("during");
            assertThat(tap.next(Duration.ZERO)).isEmpty();
        }

        assertThat(taps.count()).isZero();
    }

    /** What it costs while nobody listens: not one object for a million requests. */
    @Test
    void costsNoObjectWhileNobodyListens() {
        Outcome outcome = Given.edge("any", 200, 1);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        taps.offer(outcome);
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 1_000_000; i++) {
            taps.offer(outcome);
        }
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(100_000);
    }

    @Test
    void aReaderThatWaitsIsWokenByTheNextRequest() throws InterruptedException {
        try (Tap tap = taps.open(TapFilter.EVERYTHING)) {
            Thread writer = Thread.ofVirtual().start(() -> taps.offer(Given.edge("late", 200, 1)));
            assertThat(tap.next(SOON)).map(Ended::id).contains("late");
            writer.join();
        }
    }

    @Test
    void refusesTheSeventeenthUntilOneIsClosed() {
        List<Tap> sixteen = new ArrayList<>();
        for (int i = 0; i < Taps.OPEN_MAX; i++) {
            sixteen.add(taps.open(TapFilter.EVERYTHING));
        }
        assertThatThrownBy(() -> taps.open(TapFilter.EVERYTHING))
                .hasMessage("16 taps are open already; end one of them first");

        sixteen.getFirst().close();
        sixteen.add(taps.open(TapFilter.EVERYTHING));

        assertThat(taps.count()).isEqualTo(16);
        sixteen.forEach(Tap::close);
        assertThat(taps.count()).isZero();
    }

    @Test
    void saysWhetherAnybodyListens() {
        List<Boolean> told = new ArrayList<>();
        taps.onChange(told::add);
        Tap first = taps.open(TapFilter.EVERYTHING);
        Tap second = taps.open(TapFilter.EVERYTHING);
        first.close();
        second.close();

        assertThat(told).containsExactly(true, true, true, false);
    }

    @Test
    void aSlowReaderLosesRequestsAndIsToldHowMany() {
        try (Tap tap = taps.open(TapFilter.EVERYTHING)) {
            for (int i = 0; i < 5_000; i++) {
                taps.offer(Given.edge("r" + i, 200, 1));
            }
            assertThat(tap.dropped()).isEqualTo(5_000 - 4_096);
        }
    }

    @Test
    void filtersByWhoCalledWhomAndHowItEnded() {
        TapFilter filter =
                TapFilter.parse(Map.of("workload", "deploy/hello-00001-deployment", "to", "quote-v1", "status", "5xx"));

        assertThat(filter.passes(Given.outbound("r", Given.HELLO, Given.QUOTE_V1, 503, 1)))
                .isTrue();
        assertThat(filter.passes(Given.outbound("r", Given.HELLO, Given.QUOTE_V1, 200, 1)))
                .isFalse();
        assertThat(filter.passes(Given.outbound("r", Given.HELLO, Given.QUOTE_V2, 503, 1)))
                .isFalse();
        assertThat(filter.passes(Given.outbound("r", Given.STRANGER, Given.QUOTE_V1, 503, 1)))
                .isFalse();
    }

    @Test
    void showsConnectionsToWhoeverAsksForNoPartOfARequest() {
        ConnectionOutcome stream = Given.stream("c-1", Optional.empty());
        for (Map<String, String> shows : List.of(
                Map.<String, String>of(),
                Map.of("to", "db"),
                Map.of("to", "quote-v1"),
                Map.of("hop", "outbound", "namespace", "default", "request-id", "c-1"))) {
            assertThat(TapFilter.parse(shows).passes(stream)).as("%s", shows).isTrue();
        }
        for (String name : List.of("method", "path", "authority")) {
            assertThat(TapFilter.parse(Map.of(name, "a")).passes(stream)).isFalse();
        }
        assertThat(TapFilter.parse(Map.of("status", "200")).passes(stream)).isFalse();
        assertThat(OutcomeJson.of(stream).toString())
                .contains(
                        "\"kind\":\"connection\"",
                        "\"protocol\":\"opaque\"",
                        "\"endedBy\":\"client\"",
                        "\"requestBytes\":7",
                        "\"service\":\"default/db:5432\"");
    }

    @Test
    void aSampleIsTakenOfWhatTheRestLetsThrough() {
        TapFilter filter = TapFilter.parse(Map.of("sample", "0.25", "status", "503"));
        Outcome failed = Given.outbound("r", Given.HELLO, Given.QUOTE_V1, 503, 1);
        Outcome well = Given.outbound("r", Given.HELLO, Given.QUOTE_V1, 200, 1);
        int taken = 0;
        for (int i = 0; i < 10_000; i++) {
            taken += filter.passes(failed) ? 1 : 0;
            assertThat(filter.passes(well)).isFalse();
        }
        assertThat(taken).isBetween(2_200, 2_800); // 2,500 and seven standard deviations
        assertThat(TapFilter.parse(Map.of("sample", "1")).passes(well)).isTrue();
        assertThat(TapFilter.parse(Map.of("sample", "0")).passes(well)).isFalse();
        for (String wrong : List.of("2", "-1", "half", "1.5", "NaN")) {
            assertThatThrownBy(() -> TapFilter.parse(Map.of("sample", wrong)))
                    .hasMessage("sample: \"" + wrong + "\" (expected: a share from 0 to 1, such as 0.01)");
        }
    }

    @Test
    void aFilterThatMakesNoSenseSaysWhatWouldDo() {
        assertThatThrownBy(() -> TapFilter.parse(Map.of("hop", "sideways")))
                .hasMessage("hop: \"sideways\" (expected: edge, outbound or inbound)");
    }
}
