package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.outcome.ConnectionOutcome;
import dev.weft.model.outcome.ConnectionOutcome.EndedBy;
import dev.weft.model.outcome.Decision;
import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.outcome.Hop;
import dev.weft.model.outcome.Outcome;
import dev.weft.model.outcome.Trace;
import dev.weft.model.policy.RetryPolicy;
import dev.weft.model.policy.Timeouts;
import dev.weft.model.problem.ResourceReference;
import dev.weft.model.traffic.AccessPolicy;
import dev.weft.model.traffic.AccessRule;
import dev.weft.model.traffic.Backend;
import dev.weft.model.traffic.DeclaredProtocol;
import dev.weft.model.traffic.Endpoint;
import dev.weft.model.traffic.EndpointGroup;
import dev.weft.model.traffic.Frontend;
import dev.weft.model.traffic.Rule;
import dev.weft.model.traffic.WeightedBackend;
import dev.weft.model.workload.Capacity;
import dev.weft.proxy.trace.Tracing;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is known of an opaque stream afterwards, and what a stream does to a service that sleeps or a proxy that stops. */
class StreamSeeingTest {

    private volatile Capacity capacity =
            (_, _) -> CompletableFuture.failedFuture(new IllegalStateException("it cannot start"));
    private final Stage stage = new Stage((service, patience) -> capacity.awaitEndpoint(service, patience));
    private final int outbound = Ports.free();
    private final int outlet = Ports.free();
    private final int inbound = Ports.free();

    @AfterEach
    void close() throws IOException {
        stage.close();
    }

    private void redis(int port, EndpointGroup group) {
        stage.scene
                .pod("hello", "127.1.2.1", outbound, Ports.free(), 1)
                .pod("redis", "127.1.2.2", Ports.free(), inbound, port)
                .outlet("hello", outlet, "redis")
                .group(group.with(new DeclaredProtocol(DeclaredProtocol.Kind.OPAQUE, "the test"), Duration.ZERO));
        stage.show();
        assertThat(stage.proxy.problems()).isEmpty();
    }

    private void redis(int port) {
        redis(port, group(false, mesh()));
    }

    private static EndpointGroup group(boolean sleeps, Endpoint... endpoints) {
        return new EndpointGroup(Scene.service("redis"), List.of(endpoints), sleeps, 0);
    }

    private Endpoint mesh() {
        return new Endpoint("127.1.2.2", inbound, Optional.of(Scene.workload("redis")), Endpoint.Transport.MESH);
    }

    private Client hello() throws IOException {
        return stage.client("127.1.2.1", outlet);
    }

    private int echo() throws IOException {
        return stage.upstream((peer, _) -> {
                    peer.send(peer.read(4));
                    assertThat(peer.closed()).isTrue();
                })
                .port();
    }

    @Test
    void bothHopsOfAStreamHaveOneIdAndOneTrace() throws IOException {
        stage.proxy.tracing(new Tracing(true, 1));
        redis(echo());

        Client client = hello().send("PING");
        assertThat(client.read(4)).isEqualTo("PING");
        client.end();

        ConnectionOutcome out = stage.outcomes.nextConnection(Hop.OUTBOUND);
        ConnectionOutcome in = stage.outcomes.nextConnection(Hop.INBOUND);
        assertThat(out.id()).hasSize(36).isEqualTo(in.id());
        Trace caller = out.trace().orElseThrow();
        Trace called = in.trace().orElseThrow();
        assertThat(caller.parent()).isZero();
        assertThat(called.traceId()).isEqualTo(caller.traceId());
        assertThat(called.parent()).isEqualTo(caller.span());
        assertThat(called.span()).isNotEqualTo(caller.span());
    }

    @Test
    void aTunnelIsAskedForByTheNameOfItsRequest() throws IOException {
        redis(echo());

        Client client = stage.client("127.1.2.1", outbound)
                .send("CONNECT redis:80 HTTP/1.1|Host: redis:80|X-Request-Id: asked-1||PING");
        assertThat(client.readHead()).startsWith("HTTP/1.1 200 ");
        assertThat(client.read(4)).isEqualTo("PING");
        client.end();

        assertThat(stage.outcomes.nextConnection(Hop.OUTBOUND).id()).isEqualTo("asked-1");
        assertThat(stage.outcomes.nextConnection(Hop.INBOUND).id()).isEqualTo("asked-1");
    }

    @Test
    void aStreamThatFailedTellsItsWayItsTriesAndItsEnd() throws IOException {
        redis(Ports.free(), group(false, mesh(), gone(), gone()));

        assertThat(hello().closed()).isTrue();

        ConnectionOutcome out = stage.outcomes.nextConnection(Hop.OUTBOUND);
        assertThat(out.endedBy()).isEqualTo(EndedBy.PROXY);
        assertThat(out.attempts())
                .hasSize(3)
                .allMatch(attempt -> attempt.error().isPresent());
        assertThat(texts(out, "route")).singleElement().asString().contains("frontend default/redis:80, rule all");
        assertThat(texts(out, "backend")).containsExactly("service default/redis:80");
        assertThat(texts(out, "balance")).isNotEmpty().allMatch(text -> text.contains(" rather than "));
        assertThat(texts(out, "try")).hasSize(3).allMatch(text -> text.contains("connect-failed after "));
        assertThat(texts(out, "answer")).singleElement().asString().startsWith("connect-failed: ");
    }

    private static Endpoint gone() {
        return new Endpoint("127.1.2.9", Ports.free(), Optional.empty(), Endpoint.Transport.PLAIN);
    }

    private static List<String> texts(ConnectionOutcome outcome, String station) {
        return outcome.decisions().stream()
                .filter(decision -> decision.station().equals(station))
                .map(Decision::text)
                .toList();
    }

    @Test
    void aStreamThatPolicyRefusedTellsWhichOneAtBothHops() throws IOException {
        redis(echo());
        ResourceReference target = new ResourceReference("access.smi-spec.io", "TrafficTarget", "default", "redis");
        AccessRule rule = new AccessRule(
                target, Set.of(Scene.workload("somebody").identity()), List.of(), Optional.of(Set.of(8080)));
        stage.scene.access("redis", new AccessPolicy(List.of(rule), AccessPolicy.Unmatched.DENY, "the test"));
        stage.show();

        assertThat(hello().closed()).isTrue();

        ConnectionOutcome out = stage.outcomes.nextConnection(Hop.OUTBOUND);
        ConnectionOutcome in = stage.outcomes.nextConnection(Hop.INBOUND);
        assertThat(in.id()).isEqualTo(out.id());
        assertThat(in.error()).contains(ErrorCode.ACCESS_DENIED);
        assertThat(texts(in, "authorize")).singleElement().asString().contains("TrafficTarget default/redis");
        assertThat(out.detail()).contains("TrafficTarget default/redis");
    }

    @Test
    void aStreamWakesAServiceThatSleeps() throws IOException {
        int program = echo();
        redis(program, group(true));
        CompletableFuture<Duration> asked = new CompletableFuture<>();
        capacity = (service, patience) -> {
            assertThat(service).isEqualTo(Scene.service("redis").service());
            asked.complete(patience);
            return new CompletableFuture<>();
        };

        Client client = hello().send("PING");
        assertThat(asked.join()).isPositive();
        redis(program, group(true, mesh()));
        assertThat(client.read(4)).isEqualTo("PING");
        client.end();

        ConnectionOutcome out = stage.outcomes.nextConnection(Hop.OUTBOUND);
        assertThat(out.error()).isEmpty();
        assertThat(out.waitedNanos()).isPositive();
        assertThat(out.ends().service()).contains(Scene.service("redis"));
        assertThat(stage.outcomes.routed()).isEqualTo(1);
        Stage.await(() -> stage.outcomes.endedWithService() == 1);
    }

    @Test
    void aStreamToAServiceThatCannotBeWokenIsRefusedWithTheReason() throws IOException {
        redis(echo(), group(true));
        refused(
                CompletableFuture.failedFuture(new IllegalStateException("it cannot start")),
                ErrorCode.CAPACITY_FAILED);
        refused(CompletableFuture.failedFuture(new TimeoutException("too slow")), ErrorCode.CAPACITY_TIMEOUT);
    }

    private void refused(CompletionStage<Void> answer, ErrorCode error) throws IOException {
        capacity = (_, _) -> answer;
        assertThat(hello().closed()).isTrue();
        ConnectionOutcome out = stage.outcomes.nextConnection(Hop.OUTBOUND);
        assertThat(out.error()).contains(error);
        assertThat(out.detail()).isIn("it cannot start", "too slow");
        assertThat(texts(out, "capacity")).hasSize(1);
    }

    @Test
    void aClientThatLeavesWhileItsServiceIsWokenIsForgotten() throws IOException {
        redis(echo(), group(true));
        CountDownLatch asked = new CountDownLatch(1);
        capacity = (_, _) -> {
            asked.countDown();
            return new CompletableFuture<>();
        };
        Client client = hello().send("PING");
        Stage.await(() -> asked.getCount() == 0);
        assertThat(stage.proxy.inFlight()).isEqualTo(1);
        client.socket().setSoLinger(true, 0);
        client.close();
        assertThat(stage.outcomes.nextConnection(Hop.OUTBOUND).error()).contains(ErrorCode.CLIENT_CLOSED);
        assertThat(stage.proxy.inFlight()).isZero();
    }

    @Test
    void theRuleSaysHowLongAConnectionMayTake() throws IOException {
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.ofLiteral("127.1.2.8"));
                Socket _ = new Socket(full.getInetAddress(), full.getLocalPort());
                Socket _ = new Socket(full.getInetAddress(), full.getLocalPort())) { // and no more fit in its line
            Endpoint busy = new Endpoint("127.1.2.8", full.getLocalPort(), Optional.empty(), Endpoint.Transport.PLAIN);
            redis(1, group(false, busy));
            stage.scene.mesh(new Frontend(
                    "slow",
                    Scene.SOURCE,
                    List.of(),
                    List.of(new Rule(
                            "all",
                            Scene.SOURCE,
                            List.of(),
                            List.of(),
                            List.of(new WeightedBackend(new Backend.Service(Scene.service("redis")), 1)),
                            Timeouts.DEFAULT.withConnect(Duration.ofMillis(200)),
                            RetryPolicy.NONE))));
            stage.show();

            assertThat(hello().send("PING").closed()).isTrue();

            ConnectionOutcome out = stage.outcomes.nextConnection(Hop.OUTBOUND);
            assertThat(out.error()).contains(ErrorCode.CONNECT_TIMEOUT);
            assertThat(Duration.ofNanos(out.totalNanos())).isBetween(Duration.ofMillis(200), Duration.ofMillis(2_900));
        }
    }

    @Test
    void aProxyThatStopsWaitsForItsStreams() throws Exception {
        int edge = Ports.free();
        stage.scene.edge(edge);
        redis(echo());
        Client client = hello().send("PING");
        assertThat(client.read(4)).isEqualTo("PING");
        assertThat(stage.proxy.inFlight("default/redis-1")).isEqualTo(1);
        Thread draining = Thread.ofVirtual().start(() -> stage.proxy.drain(Duration.ofSeconds(30)));
        Stage.await(() -> refused(edge));
        assertThat(draining.isAlive()).isTrue();
        assertThat(stage.proxy.inFlight()).isEqualTo(2);
        client.end();
        assertThat(client.closed()).isTrue();
        draining.join();
        assertThat(stage.outcomes.nextConnection(Hop.OUTBOUND).error()).isEmpty();
        assertThat(stage.proxy.inFlight("default/redis-1")).isZero();
    }

    @Test
    void aProxyThatStopsWaitsForItsStreamsNoLongerThanItsDeadline() throws IOException {
        redis(echo());
        Client client = hello().send("PING");
        assertThat(client.read(4)).isEqualTo("PING");
        stage.proxy.drain(Duration.ofMillis(200));
        assertThat(stage.proxy.inFlight()).isEqualTo(2);
        stage.proxy.close();
        assertThat(client.closed()).isTrue();
    }

    private static boolean refused(int port) {
        try (Client _ = Client.at(port)) {
            return false;
        } catch (IOException _) {
            return true;
        }
    }

    @Test
    void aTracedRequestThroughAnOutletIsASpan() throws IOException {
        stage.proxy.tracing(new Tracing(true, 1));
        int program = stage.answering("HTTP/1.1 200 OK|Content-Length: 2||hi").port();
        redis(program);
        stage.scene.speaks("redis", DeclaredProtocol.Kind.HTTP1, Duration.ZERO);
        stage.show();
        assertThat(hello().send("GET / HTTP/1.1|Host: redis||").read().body()).isEqualTo("hi");
        Outcome in = stage.outcomes.next(Hop.INBOUND);
        Outcome out = stage.outcomes.next(Hop.OUTBOUND);
        assertThat(in.details().trace().orElseThrow().parent())
                .isEqualTo(out.details().trace().orElseThrow().span());
    }
}
