package dev.weft.catalog.why;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.catalog.Given;
import dev.weft.model.outcome.Decision;
import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.outcome.Hop;
import dev.weft.model.outcome.Outcome;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class WhyTest {

    private final Recent recent = new Recent(64);

    @Test
    void tellsWhoRefusedWhomByWhichRuleAndWhatToDo() {
        Outcome inbound = Given.refused(
                Given.inbound("id-1", Given.STRANGER.identity(), Given.QUOTE_V1, 403, 1),
                403,
                Optional.of(ErrorCode.ACCESS_DENIED),
                List.of(new Decision(
                        "authorize", "no TrafficTarget allows sa/stranger; quote-access allows sa/hello")));
        recent.keep(inbound);
        recent.keep(Given.outbound("id-1", Given.STRANGER, Given.QUOTE_V1, 403, 2));
        recent.keep(Given.outbound("id-2", Given.HELLO, Given.QUOTE_V1, 200, 2));

        String text = Why.text(recent.find("id-1"), Given.snapshot());

        assertThat(text)
                .startsWith("Request id-1  GET quote.default.svc.cluster.local:80/")
                .contains("ended by inbound at default/quote-v1-abc12, snapshot 7: 403 access-denied")
                .contains("1. outbound  default/stranger-abc12 → default/quote-v1:80  403 in 2.0 ms")
                .contains("2. inbound  spiffe://cluster.local/ns/default/sa/stranger → default/quote-v1-abc12")
                .contains("authorize   no TrafficTarget allows sa/stranger")
                .contains(
                        "attempt 1   default/quote-v1-abc12 at 127.1.0.9:4143 of default/quote-v1:80: 403 after 2.0 ms")
                .contains("remedy      Add the caller to the sources of a TrafficTarget")
                .doesNotContain("id-2");
    }

    @Test
    void putsTheHopsInTheOrderInWhichTheRequestTookThem() {
        recent.keep(Given.inbound("id", Given.HELLO.identity(), Given.QUOTE_V1, 200, 1));
        recent.keep(Given.outbound("id", Given.HELLO, Given.QUOTE_V1, 200, 2));
        recent.keep(Given.edge("id", 200, 3));

        assertThat(recent.find("id")).extracting(Outcome::hop).containsExactly(Hop.EDGE, Hop.OUTBOUND, Hop.INBOUND);
    }

    @Test
    void keepsTheNewestRefusalsWhateverSucceedsMeanwhile() {
        recent.keep(Given.edge("bad", 503, 1));
        for (int i = 0; i < 10_000; i++) {
            recent.keep(Given.edge("good-" + i, 200, 1));
        }

        assertThat(recent.find("bad")).hasSize(1);
        assertThat(recent.find("good-0")).isEmpty();
        assertThat(recent.find("good-9999")).hasSize(1);
    }

    @Test
    void samplesMoreThinlyTheMoreThereIs() {
        for (int i = 0; i < 6_400; i++) {
            recent.keep(Given.edge("good-" + i, 200, 1));
        }
        recent.tick();
        Recent other = new Recent(10_000);
        long kept = 0;
        for (int i = 0; i < 6_400; i++) {
            recent.keep(Given.edge("next-" + i, 200, 1));
            kept += recent.find("next-" + i).size();
        }

        assertThat(kept).isBetween(50L, 200L);
        assertThat(other.newestRefused(10)).isEmpty();
    }

    @Test
    void aHugeRequestIsKeptWithItsTextsCut() {
        Outcome base = Given.edge("huge", 503, 1);
        Outcome huge = Given.refused(
                base, 503, Optional.of(ErrorCode.NO_ENDPOINT), List.of(new Decision("route", "x".repeat(100_000))));

        recent.keep(huge);

        assertThat(recent.find("huge").getFirst().decisions().getFirst().text()).hasSize(256);
    }
}
