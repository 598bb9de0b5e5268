package dev.weft.catalog.why;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.catalog.Given;
import dev.weft.model.outcome.Attempt;
import dev.weft.model.outcome.Decision;
import dev.weft.model.outcome.Ended;
import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.outcome.Hop;
import dev.weft.model.outcome.Outcome;
import dev.weft.model.traffic.Endpoint;
import dev.weft.model.traffic.ServicePort;
import dev.weft.model.workload.Instance;
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
    void tellsPodsByTheirOwnAddressesNotByWhereTheNodeListensForThem() {
        recent.keep(Given.outbound("id-1", Given.STRANGER, Given.QUOTE_V1, 200, 2));
        Instance.Port port = new Instance.Port("", 8080, 4143, "10.244.0.9", 8080);

        assertThat(Why.text(recent.find("id-1"), Given.snapshot(List.of(port))))
                .contains("default/quote-v1-abc12 at 10.244.0.9:8080 of default/quote-v1:80")
                .doesNotContain("127.1.0.9:4143");
    }

    @Test
    void tellsEverythingThatWasKnownOfARequestThatFailed() {
        Endpoint first = new Endpoint("127.1.0.9", 4143, Optional.of(Given.QUOTE_V1), Endpoint.Transport.MESH);
        Endpoint second = new Endpoint("127.1.0.8", 4143, Optional.of(Given.QUOTE_V2), Endpoint.Transport.MESH);
        ServicePort service = ServicePort.parse("default/quote:80");
        Optional<ErrorCode> failed = Optional.of(ErrorCode.CONNECT_FAILED);
        recent.keep(new Outcome(
                "id-1",
                Hop.OUTBOUND,
                Given.HELLO,
                Given.clear(),
                Optional.empty(),
                "outbound-hello",
                "quote",
                "rule-1",
                Optional.of(service),
                "GET",
                "quote",
                "/a",
                502,
                failed,
                Given.T0,
                3_000_000,
                0,
                9_000_000,
                100,
                200,
                List.of(
                        new Attempt(service, first, 0, failed, 0, 0, 0, 1_000_000),
                        new Attempt(service, second, 0, failed, 2_000_000, 0, 0, 4_000_000)),
                List.of(
                        new Decision("protocol", "by its request line"),
                        new Decision("route", "frontend quote, rule rule-1 of Service default/quote"),
                        new Decision("backend", "service default/quote:80"),
                        new Decision("near miss", "rule rule-2 of Service default/quote: path /b"),
                        new Decision("balance", "one (2 under way) rather than other (3 under way)"),
                        new Decision("retry", "it was tried as often as the rule allows"),
                        new Decision("answer", "connect-failed: refused")),
                7));

        assertThat(Why.text(recent.find("id-1"), Given.snapshot()).lines())
                .containsExactly(
                        "Request id-1  GET quote/a  at 2026-01-01T00:00:00Z",
                        "  ended by outbound at default/hello-00001-deployment-abc12, snapshot 7: 502 connect-failed",
                        "",
                        "1. outbound  default/hello-00001-deployment-abc12 → default/quote:80  502 in 9.0 ms",
                        "   caller      127.0.0.1:50000, no certificate, clear text",
                        "   listener    outbound-hello",
                        "   protocol    HTTP/1.1, by its request line",
                        "   frontend    quote",
                        "   rule        rule-1",
                        "   waited      3.0 ms for the service to have an endpoint",
                        "   route       frontend quote, rule rule-1 of Service default/quote",
                        "   backend     service default/quote:80",
                        "   near miss   rule rule-2 of Service default/quote: path /b",
                        "   balance     one (2 under way) rather than other (3 under way)",
                        "   retry       it was tried as often as the rule allows",
                        "   answer      connect-failed: refused",
                        "   attempt 1   default/quote-v1-abc12 at 127.1.0.9:4143 of default/quote:80: "
                                + "connect-failed after 1.0 ms",
                        "   attempt 2   default/quote-v2-abc12 at 127.1.0.8:4143 of default/quote:80: "
                                + "connect-failed after 4.0 ms, begun at +2.0 ms",
                        "   ended by    the endpoint, quote-v2-abc12@127.1.0.8:4143",
                        "   error       connect-failed: " + ErrorCode.CONNECT_FAILED.cause(),
                        "   remedy      " + ErrorCode.CONNECT_FAILED.remedy(),
                        "   snapshot    7");
    }

    @Test
    void tellsWhyAConnectionFailed() {
        recent.keep(Given.stream("c-1", Optional.of(ErrorCode.CONNECT_FAILED)));

        assertThat(Why.text(recent.find("c-1"), Given.snapshot()).lines())
                .containsExactly(
                        "Connection c-1  opaque to default/db:5432  at 2026-01-01T00:00:00Z",
                        "  ended by the proxy of default/hello-00001-deployment-abc12, outbound at "
                                + "default/hello-00001-deployment-abc12, snapshot 7: connect-failed",
                        "",
                        "1. outbound  default/hello-00001-deployment-abc12 → default/db:5432  refused after 2.0 ms",
                        "   caller      127.0.0.1:50000, no certificate, clear text",
                        "   listener    outbound-db",
                        "   protocol    opaque, because the server spoke first",
                        "   trace       00000000000000010000000000000002, span 0000000000000003",
                        "   route       frontend db, rule all of Service default/db",
                        "   balance     one rather than the other",
                        "   answer      connect-failed: Nobody listens there.",
                        "   attempt 1   default/quote-v1-abc12 at 127.1.0.9:4143 of default/db:5432: "
                                + "connect-failed after 2.0 ms, connected in 0.4 ms",
                        "   ended by    the proxy of default/hello-00001-deployment-abc12",
                        "   error       connect-failed: " + ErrorCode.CONNECT_FAILED.cause(),
                        "   remedy      " + ErrorCode.CONNECT_FAILED.remedy(),
                        "   snapshot    7");
    }

    @Test
    void tellsAboutAConnectionThatEndedWell() {
        recent.keep(Given.stream("c-2", Optional.empty()));

        assertThat(Why.text(recent.find("c-2"), Given.snapshot()))
                .contains("ended by the client, 127.0.0.1:50000 when both sides had said all, after 2.0 ms")
                .contains("server      127.1.0.9:40000, spiffe://cluster.local/ns/default/sa/quote, TLSv1.3")
                .contains("bytes       7 from the client, 9 from the server");
    }

    @Test
    void putsTheHopsInTheOrderInWhichTheRequestTookThem() {
        recent.keep(Given.inbound("id", Given.HELLO.identity(), Given.QUOTE_V1, 200, 1));
        recent.keep(Given.outbound("id", Given.HELLO, Given.QUOTE_V1, 200, 2));
        recent.keep(Given.edge("id", 200, 3));

        assertThat(recent.find("id")).extracting(Ended::hop).containsExactly(Hop.EDGE, Hop.OUTBOUND, Hop.INBOUND);
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

    /** Five minutes of 500 failures a second at two hops, of two kinds, and one of a third kind in between. */
    @Test
    void keepsTheFirstOfEachKindAndSecondForMinutesWhateverTheRate() {
        Recent full = new Recent(4_096 * 2);
        int seconds = 300;
        for (int second = 0; second < seconds; second++) {
            for (int i = 0; i < 500; i++) {
                String id = second + "-" + i;
                full.keep(Given.inbound(id, Given.HELLO.identity(), Given.QUOTE_V1, 503, 1));
                full.keep(Given.outbound(id, Given.HELLO, Given.QUOTE_V1, 503, 2));
            }
            if (second == 2) {
                full.keep(Given.edge("rare", 502, 1));
            }
            full.tick();
        }

        for (int second = 0; second < seconds; second++) {
            for (int i = 0; i < 8; i++) {
                assertThat(full.find(second + "-" + i)).hasSize(2);
            }
        }
        assertThat(full.find("rare")).hasSize(1);
        assertThat(full.find("0-8")).isEmpty();
        assertThat(full.find("299-499")).hasSize(2);
        assertThat(full.firstsSince()).isEmpty();
        assertThat(full.beyondFirsts()).isEqualTo(seconds * 2L * (500 - 8));
    }

    @Test
    void aFailureThatIsKeptTwiceIsToldOnce() {
        recent.keep(Given.edge("bad", 503, 1));
        assertThat(recent.find("bad")).hasSize(1);
    }

    @Test
    void saysSinceWhenFailuresAreKeptOnceSomeAreNot() {
        Recent small = new Recent(2);
        small.keep(Given.edge("bad-0", 503, 1));
        small.keep(Given.edge("bad-1", 503, 1));
        assertThat(small.refusedSince()).isEmpty();
        small.keep(Given.edge("bad-2", 503, 1));
        assertThat(small.find("bad-0")).isEmpty();
        assertThat(small.refusedSince()).contains(small.find("bad-1").getFirst().startedAt());
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

        assertThat(recent.find("huge"))
                .singleElement()
                .isInstanceOfSatisfying(
                        Outcome.class,
                        outcome -> assertThat(outcome.decisions().getFirst().text())
                                .hasSize(256));
    }
}
