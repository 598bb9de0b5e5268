package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.http.transport.WireCapture;
import dev.weft.model.outcome.ConnectionOutcome;
import dev.weft.model.outcome.ConnectionOutcome.EndedBy;
import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.outcome.Hop;
import dev.weft.model.outcome.ProtocolVerdict;
import dev.weft.model.outcome.ProtocolVerdict.Protocol;
import dev.weft.model.outcome.ProtocolVerdict.Reason;
import dev.weft.model.problem.ResourceReference;
import dev.weft.model.traffic.AccessPolicy;
import dev.weft.model.traffic.AccessRule;
import dev.weft.model.traffic.DeclaredProtocol;
import dev.weft.model.traffic.Endpoint;
import dev.weft.model.traffic.EndpointGroup;
import dev.weft.model.traffic.Match;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Opaque connections from one workload to another: outlet, mutual TLS, inbound. */
class MeshStreamTest {

    private static final ResourceReference TARGET =
            new ResourceReference("access.smi-spec.io", "TrafficTarget", "default", "redis");
    private static final long LARGE_BYTES = 256L * 1024 * 1024;

    /** What three connections and their TLS may hold before they say that they are full, with room to spare. */
    private static final long QUEUED_BYTES_MAX = 1024 * 1024;

    private final Stage stage = new Stage();
    private final int outbound = Ports.free();
    private final int outlet = Ports.free();
    private final int inbound = Ports.free();

    @AfterEach
    void close() throws IOException {
        stage.close();
    }

    private void redis(int port, DeclaredProtocol.Kind kind, Duration idle) {
        stage.scene
                .pod("hello", "127.1.1.1", outbound, Ports.free(), 1)
                .pod("redis", "127.1.1.2", Ports.free(), inbound, port)
                .outlet("hello", outlet, "redis")
                .group("redis", mesh("redis"))
                .speaks("redis", kind, idle);
        stage.show();
        assertThat(stage.proxy.problems()).isEmpty();
    }

    private void redis(Upstream program) {
        redis(program.port(), DeclaredProtocol.Kind.OPAQUE, EndpointGroup.STREAM_IDLE);
    }

    private Endpoint mesh(String whom) {
        return new Endpoint("127.1.1.2", inbound, Optional.of(Scene.workload(whom)), Endpoint.Transport.MESH);
    }

    private Client hello() throws IOException {
        return stage.client("127.1.1.1", outlet);
    }

    /** Says everything back, and ends when the client has said all. */
    private static void echo(Client peer, int connection) throws IOException {
        byte[] some = new byte[16 * 1024];
        for (int n = peer.in().read(some); n >= 0; n = peer.in().read(some)) {
            peer.socket().getOutputStream().write(some, 0, n);
        }
        peer.send("bye").end();
        assertThat(peer.closed()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(
            value = DeclaredProtocol.Kind.class,
            names = {"OPAQUE", "DETECT"})
    void bytesGoBothWaysAndAHalfCloseLeavesTheOtherWayOpen(DeclaredProtocol.Kind kind) throws IOException {
        redis(stage.upstream(MeshStreamTest::echo).port(), kind, EndpointGroup.STREAM_IDLE);
        Client client = hello().send("*1|$4|PING|");
        assertThat(client.read(14)).isEqualTo("*1\r\n$4\r\nPING\r\n");
        client.send("QUIT").end();
        assertThat(client.readAll()).isEqualTo("QUITbye");

        ConnectionOutcome in = stage.outcomes.nextConnection(Hop.INBOUND);
        assertThat(in.ends().client().identity())
                .contains(Scene.workload("hello").identity());
        assertThat(in.ends().client().tlsVersion()).isEqualTo("TLSv1.3");
        assertThat(in.error()).isEmpty();
    }

    @Test
    void theRecordSaysWhoTalkedAndHowMuch() throws IOException {
        redis(stage.upstream(MeshStreamTest::echo));
        Client client = hello().send("12345").end();
        assertThat(client.readAll()).isEqualTo("12345bye");
        ConnectionOutcome out = stage.outcomes.nextConnection(Hop.OUTBOUND);
        assertThat(out.established()).isTrue();
        assertThat(out.error()).isEmpty();
        assertThat(out.clientBytes()).isEqualTo(5);
        assertThat(out.serverBytes()).isEqualTo(8);
        assertThat(out.endedBy()).isEqualTo(EndedBy.CLIENT);
        assertThat(out.verdict()).isEqualTo(new ProtocolVerdict(Protocol.OPAQUE, Reason.DECLARED));
        assertThat(out.ends().service()).contains(Scene.service("redis"));
        assertThat(out.ends().server().orElseThrow().identity())
                .contains(Scene.workload("redis").identity());
        assertThat(out.attempts()).hasSize(1);
        assertThat(stage.outcomes.established()).isEqualTo(2);
    }

    @Test
    void nothingOfItIsReadableOnTheWire() throws IOException {
        redis(stage.upstream(MeshStreamTest::echo));
        try (WireCapture capture = stage.proxy.capture(64 * 1024, 10)) {
            assertThat(hello().send("a secret word").end().readAll()).isEqualTo("a secret wordbye");
            assertThat(capture.wires())
                    .isNotEmpty()
                    .allSatisfy(
                            wire -> assertThat(wire.received() + wire.sent()).doesNotContain("secret"));
        }
    }

    @Test
    void aRequestLineFedByteByByteToAnUndeclaredPortIsHttp() throws IOException {
        Upstream program = stage.answering("HTTP/1.1 200 OK|Content-Length: 2||hi");
        redis(program.port(), DeclaredProtocol.Kind.DETECT, EndpointGroup.STREAM_IDLE);
        Client client = hello();
        for (byte b :
                "GET /a HTTP/1.1\r\nHost: whatever\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII)) {
            client.send(new byte[] {b});
            LockSupport.parkNanos(3_000_000);
        }
        assertThat(client.read().body()).isEqualTo("hi");
        assertThat(client.send("GET /b HTTP/1.1|Host: whatever||").read().body())
                .isEqualTo("hi");
        assertThat(stage.outcomes.verdicts()).containsExactly(new ProtocolVerdict(Protocol.HTTP1, Reason.REQUEST_LINE));
        assertThat(stage.outcomes.next(Hop.OUTBOUND).path()).isEqualTo("/a");
    }

    @Test
    void aClientThatWaitedBeforeItsRequestIsServedAsIfItHadNot() throws IOException {
        Upstream program = stage.upstream((peer, _) -> {
            peer.readHead();
            peer.send("HTTP/1.1 200 OK|Content-Length: 2||hi");
            assertThat(peer.closed()).isTrue();
        });
        redis(program.port(), DeclaredProtocol.Kind.DETECT, EndpointGroup.STREAM_IDLE);
        Client client = hello();
        Stage.await(() -> program.connections() > 0); // the server was asked while the client was silent
        assertThat(client.send("GET / HTTP/1.1|Host: whatever||").read().body()).isEqualTo("hi");
    }

    @Test
    void aSlowReaderStopsTheSenderAndLittleIsHeldBetweenThem() throws Exception {
        CountDownLatch read = new CountDownLatch(1);
        AtomicLong received = new AtomicLong();
        Upstream sink = stage.upstream((peer, _) -> {
            try {
                read.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            drain(peer.in(), received);
            peer.send("done").end();
        });
        redis(sink);
        Client client = hello();
        AtomicLong sent = new AtomicLong();
        Thread sender = Thread.ofVirtual().start(() -> send(client, sent));
        long before = -1;
        long most = 0;
        while (sent.get() != before || before == 0) { // until the sender is held up
            before = sent.get();
            most = Math.max(most, stage.proxy.queuedBytes());
            LockSupport.parkNanos(200_000_000);
        }
        assertThat(before).isLessThan(LARGE_BYTES / 2);
        read.countDown();
        while (sender.isAlive()) {
            most = Math.max(most, stage.proxy.queuedBytes());
            LockSupport.parkNanos(1_000_000);
        }
        assertThat(client.readAll()).isEqualTo("done");
        assertThat(received.get()).isEqualTo(LARGE_BYTES);
        assertThat(most).isLessThan(QUEUED_BYTES_MAX);
        assertThat(stage.outcomes.nextConnection(Hop.OUTBOUND).clientBytes()).isEqualTo(LARGE_BYTES);
    }

    private static void send(Client client, AtomicLong sent) {
        byte[] block = new byte[64 * 1024];
        try {
            while (sent.get() < LARGE_BYTES) {
                client.send(block);
                sent.addAndGet(block.length);
            }
            client.end();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void drain(InputStream in, AtomicLong received) throws IOException {
        byte[] block = new byte[64 * 1024];
        for (int n = in.read(block); n >= 0; n = in.read(block)) {
            received.addAndGet(n);
        }
    }

    @Test
    void anIdleStreamIsCutAndNamed() throws IOException {
        redis(stage.upstream(MeshStreamTest::echo).port(), DeclaredProtocol.Kind.OPAQUE, Duration.ofSeconds(3));
        Client client = hello().send("x");
        assertThat(client.read(1)).isEqualTo("x");
        assertThat(client.closed()).isTrue();
        ConnectionOutcome out = stage.outcomes.nextConnection(Hop.OUTBOUND);
        assertThat(out.error()).contains(ErrorCode.STREAM_IDLE);
        assertThat(out.endedBy()).isEqualTo(EndedBy.PROXY);
        assertThat(stage.outcomes.nextConnection(Hop.INBOUND).error()).contains(ErrorCode.STREAM_BROKEN);
    }

    @Test
    void aProgramThatDoesNotListenIsNamed() throws IOException {
        redis(Ports.free(), DeclaredProtocol.Kind.OPAQUE, EndpointGroup.STREAM_IDLE);
        assertThat(hello().closed()).isTrue();
        ConnectionOutcome out = stage.outcomes.nextConnection(Hop.OUTBOUND);
        assertThat(out.established()).isFalse();
        assertThat(out.error()).contains(ErrorCode.CONNECT_FAILED);
        assertThat(stage.outcomes.nextConnection(Hop.INBOUND).error()).contains(ErrorCode.CONNECT_FAILED);
    }

    @Test
    void anotherEndpointIsTriedWhenOneCannotBeReached() throws IOException {
        redis(stage.upstream(MeshStreamTest::echo));
        Endpoint dead =
                new Endpoint("127.1.1.3", Ports.free(), Optional.of(Scene.workload("redis")), Endpoint.Transport.MESH);
        stage.scene
                .group("redis", dead, mesh("redis"))
                .speaks("redis", DeclaredProtocol.Kind.OPAQUE, EndpointGroup.STREAM_IDLE);
        stage.show();
        for (int i = 0; i < 10; i++) {
            assertThat(hello().send("x").end().readAll()).isEqualTo("xbye");
        }
    }

    @Test
    void aServiceWithoutEndpointsIsNamed() throws IOException {
        redis(stage.upstream(MeshStreamTest::echo));
        stage.scene.group("redis").speaks("redis", DeclaredProtocol.Kind.OPAQUE, EndpointGroup.STREAM_IDLE);
        stage.show();
        assertThat(hello().closed()).isTrue();
        assertThat(stage.outcomes.nextConnection(Hop.OUTBOUND).error()).contains(ErrorCode.NO_ENDPOINT);
    }

    @Test
    void aServerWithAnotherIdentityGetsNothing() throws IOException {
        redis(stage.upstream(MeshStreamTest::echo));
        stage.scene
                .group("redis", mesh("somebody"))
                .speaks("redis", DeclaredProtocol.Kind.OPAQUE, EndpointGroup.STREAM_IDLE);
        stage.show();
        assertThat(refused("x")).isTrue();
        ConnectionOutcome out = stage.outcomes.nextConnection(Hop.OUTBOUND);
        assertThat(out.error()).contains(ErrorCode.TLS_FAILED);
        assertThat(out.detail()).contains("expected: spiffe://cluster.local/ns/default/sa/somebody");
    }

    @Test
    void aRuleAboutThePortAllowsStreamsAndOneAboutRequestsDoesNot() throws IOException {
        redis(stage.upstream(MeshStreamTest::echo));
        AccessRule requests =
                new AccessRule(TARGET, Set.of(Scene.workload("hello").identity()), List.of(Match.EVERYTHING));
        access(requests);
        assertThat(refused("x")).isTrue();
        ConnectionOutcome refused = stage.outcomes.nextConnection(Hop.OUTBOUND);
        assertThat(refused.error()).contains(ErrorCode.ACCESS_DENIED);
        assertThat(refused.detail()).contains("an opaque stream to port 8080");

        access(ports(Set.of(9999)));
        assertThat(refused("x")).isTrue();
        assertThat(stage.outcomes.nextConnection(Hop.OUTBOUND).error()).contains(ErrorCode.ACCESS_DENIED);

        access(ports(Set.of(8080)));
        assertThat(hello().send("x").end().readAll()).isEqualTo("xbye");
        access(ports(Set.of()));
        assertThat(hello().send("y").end().readAll()).isEqualTo("ybye");
    }

    /** Whether the client is let go without an answer; that may be before it has said anything. */
    private boolean refused(String text) throws IOException {
        try (Client client = hello()) {
            return client.send(text).closed();
        } catch (SocketException reset) {
            return true;
        }
    }

    private static AccessRule ports(Set<Integer> ports) {
        return new AccessRule(TARGET, Set.of(Scene.workload("hello").identity()), List.of(), Optional.of(ports));
    }

    private void access(AccessRule rule) {
        stage.scene.access("redis", new AccessPolicy(List.of(rule), AccessPolicy.Unmatched.DENY, "the test"));
        stage.show();
    }

    @Test
    void aBrokenConnectionIsBrokenAtTheOtherEnd() throws IOException {
        CountDownLatch broken = new CountDownLatch(1);
        redis(stage.upstream((peer, _) -> {
            peer.send(peer.read(1));
            try {
                assertThat(peer.in().read()).isNegative();
            } catch (java.net.SocketException _) {
                broken.countDown();
            }
        }));
        Client client = hello().send("x");
        assertThat(client.read(1)).isEqualTo("x");
        client.socket().setSoLinger(true, 0);
        client.close();
        Stage.await(() -> broken.getCount() == 0);
        ConnectionOutcome out = stage.outcomes.nextConnection(Hop.OUTBOUND);
        assertThat(out.error()).contains(ErrorCode.STREAM_BROKEN);
        assertThat(out.endedBy()).isEqualTo(EndedBy.CLIENT);
    }

    @Test
    void connectOpensATunnelToAServicesPort() throws IOException {
        redis(stage.upstream(MeshStreamTest::echo));
        for (String name : List.of("redis:80", "redis.default:80", "redis.default.svc.cluster.local:80")) {
            Client client = proxy().send("CONNECT " + name + " HTTP/1.1|Host: " + name + "||");
            assertThat(client.readHead()).startsWith("HTTP/1.1 200 ");
            assertThat(client.send("PING").read(4)).isEqualTo("PING");
            assertThat(client.end().readAll()).isEqualTo("bye");
            ConnectionOutcome out = stage.outcomes.nextConnection(Hop.OUTBOUND);
            assertThat(out.verdict()).isEqualTo(new ProtocolVerdict(Protocol.OPAQUE, Reason.ASKED));
            assertThat(out.ends().server().orElseThrow().tlsVersion()).isEqualTo("TLSv1.3");
            assertThat(out.error()).isEmpty();
        }
    }

    @Test
    void whatFollowsConnectAtOnceIsNotLost() throws IOException {
        redis(stage.upstream(MeshStreamTest::echo));
        Client client = proxy().send("CONNECT redis:80 HTTP/1.1|Host: redis:80||PING");
        assertThat(client.readHead()).startsWith("HTTP/1.1 200 ");
        assertThat(client.read(4)).isEqualTo("PING");
    }

    @Test
    void connectToWhatIsNoServiceIsRefusedAndNamed() throws IOException {
        redis(stage.upstream(MeshStreamTest::echo));
        Client.Answer outside = proxy().send("CONNECT example.com:443 HTTP/1.1|Host: example.com||")
                .read();
        assertThat(outside.status()).isEqualTo(403);
        assertThat(outside.has("weft-error: tunnel-refused")).isTrue();
        assertThat(outside.body()).contains("names no Service of this platform");
        Client.Answer port =
                proxy().send("CONNECT redis:81 HTTP/1.1|Host: redis:81||").read();
        assertThat(port.body()).contains("has no port 81");
    }

    @Test
    void connectToAProgramThatDoesNotListenIsAnsweredWithTheReason() throws IOException {
        redis(Ports.free(), DeclaredProtocol.Kind.OPAQUE, EndpointGroup.STREAM_IDLE);
        Client.Answer answer =
                proxy().send("CONNECT redis:80 HTTP/1.1|Host: redis:80||").read();
        assertThat(answer.status()).isEqualTo(502);
        assertThat(answer.has("weft-error: connect-failed")).isTrue();
    }

    private Client proxy() throws IOException {
        return stage.client("127.1.1.1", outbound);
    }
}
