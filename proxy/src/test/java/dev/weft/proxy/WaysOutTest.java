package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.outcome.Hop;
import dev.weft.model.outcome.Outcome;
import dev.weft.model.traffic.Endpoint;
import dev.weft.model.traffic.Fault;
import dev.weft.model.traffic.RouteFilter;
import dev.weft.proxy.trace.Tracing;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A pod's call is treated alike whether it goes by its HTTP proxy or by an outlet. */
class WaysOutTest {

    enum Way {
        PROXY,
        OUTLET
    }

    private final Stage stage = new Stage();
    private final int outbound = Ports.free();
    private final int outlet = Ports.free();
    private final int inbound = Ports.free();
    private Upstream program;

    @BeforeEach
    void pods() throws IOException {
        program = stage.answering("HTTP/1.1 200 OK|Content-Length: 2||ok");
        Endpoint quote =
                new Endpoint("127.1.0.2", inbound, Optional.of(Scene.workload("quote")), Endpoint.Transport.MESH);
        stage.scene
                .pod("hello", "127.1.0.1", outbound, Ports.free(), 1)
                .pod("quote", "127.1.0.2", Ports.free(), inbound, program.port())
                .outlet("hello", outlet, "quote")
                .group("quote", quote);
        stage.show();
    }

    @AfterEach
    void close() throws IOException {
        stage.close();
    }

    private Client.Answer call(Way way) throws IOException {
        return stage.client("127.1.0.1", way == Way.PROXY ? outbound : outlet)
                .send("GET / HTTP/1.1|Host: quote||")
                .read();
    }

    @ParameterizedTest
    @EnumSource
    void aFaultOfTheRuleHappens(Way way) throws IOException {
        Fault fault = new Fault(Scene.SOURCE, List.of(), Set.of(), 1_000, Duration.ZERO, 507, Optional.empty());
        stage.scene.mesh("quote", new RouteFilter.InjectFault(fault));
        stage.show();
        assertThat(call(way).status()).isEqualTo(507);
        assertThat(stage.outcomes.next(Hop.OUTBOUND).error()).contains(ErrorCode.FAULT_INJECTED);
        assertThat(program.heads()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void theCallersSideIsASpan(Way way) throws IOException {
        stage.proxy.tracing(new Tracing(true, 1));
        assertThat(call(way).status()).isEqualTo(200);
        Outcome in = stage.outcomes.next(Hop.INBOUND);
        Outcome out = stage.outcomes.next(Hop.OUTBOUND);
        assertThat(in.details().trace().orElseThrow().parent())
                .isEqualTo(out.details().trace().orElseThrow().span());
    }
}
