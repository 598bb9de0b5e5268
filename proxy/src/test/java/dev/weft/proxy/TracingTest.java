package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.outcome.Hop;
import dev.weft.model.outcome.Outcome;
import dev.weft.model.outcome.Trace;
import dev.weft.model.traffic.Endpoint;
import dev.weft.proxy.trace.Tracing;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Traces through the edge and the mesh, as the headers that go on and the outcomes tell them. */
class TracingTest {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String SPAN = "00f067aa0ba902b7";
    private static final Pattern TRACEPARENT =
            Pattern.compile("\\|traceparent: 00-([0-9a-f]{32})-([0-9a-f]{16})-(0[01])\\|");

    private final Stage stage = new Stage();
    private final int edge = Ports.free();
    private final int outbound = Ports.free();
    private final int inbound = Ports.free();
    private Upstream program;

    @BeforeEach
    void pods() throws IOException {
        program = stage.answering("HTTP/1.1 200 OK|Content-Length: 2||ok");
        Endpoint quote =
                new Endpoint("127.1.0.2", inbound, Optional.of(Scene.workload("quote")), Endpoint.Transport.MESH);
        stage.scene
                .edge(edge)
                .host("quote.test", "quote")
                .pod("hello", "127.1.0.1", outbound, Ports.free(), 1)
                .pod("quote", "127.1.0.2", Ports.free(), inbound, program.port())
                .group("quote", quote);
        stage.show();
    }

    @AfterEach
    void close() throws IOException {
        stage.close();
    }

    @Test
    void aTraceBeginsAtTheEdgeAndEveryHopIsAChildOfTheOneBefore() throws IOException {
        stage.proxy.tracing(new Tracing(true, 1));

        stage.client(edge).send("GET / HTTP/1.1|Host: quote.test||").read();

        Trace in = trace(stage.outcomes.next(Hop.INBOUND));
        Trace out = trace(stage.outcomes.next(Hop.EDGE));
        assertThat(out.parent()).isZero();
        assertThat(in.parent()).isEqualTo(out.span());
        assertThat(in.traceId()).isEqualTo(out.traceId());
        assertThat(seenByProgram()).containsExactly(out.traceId(), in.spanId(), "01");
    }

    @Test
    void theCallersDecisionHoldsAndItsStateGoesOn() throws IOException {
        stage.proxy.tracing(new Tracing(true, 0));

        call("traceparent: 00-" + TRACE + "-" + SPAN + "-01|tracestate: rojo=00f067aa0ba902b7");

        Trace in = trace(stage.outcomes.next(Hop.INBOUND));
        Trace out = trace(stage.outcomes.next(Hop.OUTBOUND));
        assertThat(out.traceId()).isEqualTo(TRACE);
        assertThat(out.parent()).isEqualTo(Long.parseUnsignedLong(SPAN, 16));
        assertThat(out.state()).isEqualTo("rojo=00f067aa0ba902b7");
        assertThat(in.parent()).isEqualTo(out.span());
        assertThat(program.heads().getFirst()).contains("|tracestate: rojo=00f067aa0ba902b7|");

        call("traceparent: 00-" + TRACE + "-" + SPAN + "-00");

        assertThat(stage.outcomes.next(Hop.OUTBOUND).details().trace()).isEmpty();
        assertThat(program.heads().getLast()).contains("|traceparent: 00-" + TRACE + "-" + SPAN + "-00|");
    }

    @Test
    void b3GoesOnInTheFormInWhichItCame() throws IOException {
        stage.proxy.tracing(new Tracing(true, 0));

        call("b3: " + TRACE + "-" + SPAN + "-1");
        Trace in = trace(stage.outcomes.next(Hop.INBOUND));
        assertThat(program.heads().getLast())
                .contains("|b3: " + TRACE + "-" + in.spanId() + "-1-")
                .doesNotContain("traceparent");

        call("X-B3-TraceId: " + TRACE + "|X-B3-SpanId: " + SPAN + "|X-B3-ParentSpanId: " + SPAN + "|X-B3-Sampled: 1");
        in = trace(stage.outcomes.next(Hop.INBOUND));
        assertThat(program.heads().getLast())
                .contains("|x-b3-traceid: " + TRACE + "|")
                .contains("|x-b3-spanid: " + in.spanId() + "|")
                .contains("|x-b3-parentspanid: ")
                .contains("|x-b3-sampled: 1|")
                .doesNotContain("|X-B3-ParentSpanId: " + SPAN);

        call("b3: 0");
        assertThat(stage.outcomes.next(Hop.INBOUND).details().trace()).isEmpty();
        assertThat(program.heads().getLast()).contains("|b3: 0|");
    }

    @Test
    void aContextThatBreaksTheFormIsDroppedWithItsState() throws IOException {
        stage.proxy.tracing(new Tracing(true, 0));

        call("traceparent: 00-" + TRACE + "-" + SPAN + "|tracestate: a=b");

        assertThat(stage.outcomes.next(Hop.INBOUND).details().trace()).isEmpty();
        assertThat(program.heads().getLast()).doesNotContain("traceparent").doesNotContain("tracestate");
    }

    @Test
    void whatIsNotSampledSaysSoToTheNext() throws IOException {
        stage.proxy.tracing(new Tracing(true, 1e-12));

        stage.client(edge).send("GET / HTTP/1.1|Host: quote.test||").read();

        assertThat(stage.outcomes.next(Hop.EDGE).details().trace()).isEmpty();
        assertThat(seenByProgram()).element(2).isEqualTo("00");
    }

    @Test
    void withoutTracingTheHeadersPassUntouched() throws IOException {
        call("traceparent: 00-" + TRACE + "-" + SPAN + "-01|b3: nonsense");

        assertThat(stage.outcomes.next(Hop.OUTBOUND).details().trace()).isEmpty();
        assertThat(program.heads().getLast()).contains("|traceparent: 00-" + TRACE + "-" + SPAN + "-01|b3: nonsense|");
    }

    @Test
    void notesTheHeadersThatAreAskedForAndNoOthers() throws IOException {
        stage.proxy.noting(List.of("user-agent", "x-forwarded-for"));

        call("User-Agent: curl/8|Authorization: Bearer secret|Cookie: a=b");

        Outcome out = stage.outcomes.next(Hop.OUTBOUND);
        assertThat(out.details().headers()).containsOnlyKeys("user-agent").containsValue("curl/8");
        assertThat(out.details().protocol()).isEqualTo("HTTP/1.1");
    }

    private void call(String headers) throws IOException {
        Client hello = stage.client("127.1.0.1", outbound);
        assertThat(hello.send("GET http://quote/ HTTP/1.1|Host: quote|" + headers + "||")
                        .read()
                        .status())
                .isEqualTo(200);
    }

    private List<String> seenByProgram() {
        Matcher matcher = TRACEPARENT.matcher(program.heads().getLast());
        assertThat(matcher.find()).as(program.heads().getLast()).isTrue();
        return List.of(matcher.group(1), matcher.group(2), matcher.group(3));
    }

    private static Trace trace(Outcome outcome) {
        return outcome.details().trace().orElseThrow();
    }
}
