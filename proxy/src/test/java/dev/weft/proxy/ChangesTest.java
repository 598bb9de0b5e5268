package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.http.transport.ClientTls;
import dev.weft.http.transport.Closure;
import dev.weft.http.transport.Connection;
import dev.weft.http.transport.ConnectionHandler;
import dev.weft.http.transport.Credentials;
import dev.weft.http.transport.Destination;
import dev.weft.http.transport.Received;
import dev.weft.http.transport.Transport;
import dev.weft.model.traffic.Endpoint;
import dev.weft.model.workload.WorkloadCertificate;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/**
 * Everything changes while requests are under way, and not one of them is lost: snapshots, endpoints, certificates, the
 * trust anchor. Half of the requests are POSTs, which nobody may repeat once they were sent.
 */
class ChangesTest {

    private static final int PODS = 3;

    private final Stage stage = new Stage();
    private final int edge = Ports.free();
    private final int outbound = Ports.free();
    private final Pod[] pods = new Pod[PODS];
    private final Transport transport = new Transport(1);
    private final TestReporter figures;

    ChangesTest(TestReporter figures) {
        this.figures = figures;
    }

    /** One running pod. */
    private record Pod(String name, String address, int inbound, Upstream program) {
        Endpoint endpoint() {
            return new Endpoint(address, inbound, Optional.of(Scene.workload(name)), Endpoint.Transport.MESH);
        }
    }

    @BeforeEach
    void open() throws IOException {
        stage.scene.edge(edge).host("quote.test", "quote").pod("hello", "127.1.0.1", outbound, Ports.free(), 1);
        for (int i = 0; i < PODS; i++) {
            pods[i] = start(i);
        }
        endpoints();
        stage.show();
        assertThat(stage.proxy.problems()).isEmpty();
    }

    @AfterEach
    void close() throws IOException {
        stage.close();
        transport.close();
    }

    /** Opens the pod's listener and starts its program; nobody is sent there yet. */
    private Pod start(int number) throws IOException {
        String name = "quote" + number;
        String address = "127.1.0." + (number + 2);
        Upstream program = new Upstream((peer, _) -> {
            while (true) {
                String head = peer.readHead();
                peer.read(head.startsWith("POST") ? 3 : 0);
                LockSupport.parkNanos(3_000_000);
                peer.send("HTTP/1.1 200 OK|Content-Length: 5||hello");
            }
        });
        Pod pod = new Pod(name, address, Ports.free(), stage.closing(program));
        stage.scene.pod(name, address, Ports.free(), pod.inbound(), program.port());
        return pod;
    }

    /** Shows all pods but these as endpoints. */
    private void endpoints(int... without) {
        List<Endpoint> ready = new ArrayList<>();
        for (int i = 0; i < PODS; i++) {
            int number = i;
            if (java.util.Arrays.stream(without).noneMatch(left -> left == number)) {
                ready.add(pods[i].endpoint());
            }
        }
        stage.scene.group("quote", ready.toArray(Endpoint[]::new));
    }

    private Load load(int perSecond) {
        return Load.begin(
                perSecond,
                List.of(
                        new Load.Target("127.0.0.1", edge, "quote.test"),
                        new Load.Target("127.1.0.1", outbound, "quote")));
    }

    private void snapshots(Duration length) {
        SplittableRandom random = new SplittableRandom(1);
        Load load = load(500);
        long start = System.nanoTime();
        int count = 0;
        while (System.nanoTime() - start < length.toNanos()) {
            endpoints(random.nextInt(PODS));
            stage.scene.show();
            count++;
            LockSupport.parkNanos(start + count * 10_000_000L - System.nanoTime());
        }
        load.endsWithoutLoss();
        assertThat(count).isPositive();
        figures.publishEntry(count + " snapshots", load.toString());
    }

    private void renewals(Duration length, Duration pause) {
        Load load = load(500);
        long end = System.nanoTime() + length.toNanos();
        int count = 0;
        while (System.nanoTime() - end < 0) {
            stage.authority.renew();
            count++;
            LockSupport.parkNanos(pause.toNanos());
        }
        load.endsWithoutLoss();
        figures.publishEntry(count + " renewals", load.toString());
    }

    private void rotations(int times, Duration pause) {
        Load load = load(500);
        for (int i = 0; i < times; i++) {
            List<Runnable> steps =
                    List.of(stage.authority::trustNext, stage.authority::issueByNext, stage.authority::dropOld);
            for (Runnable step : steps) {
                LockSupport.parkNanos(pause.toNanos());
                step.run();
                settle();
            }
        }
        LockSupport.parkNanos(pause.toNanos());
        load.endsWithoutLoss();
        figures.publishEntry(times + " rotations", load.toString());
    }

    /** Waits until the proxy's control thread has done what it was told. */
    private void settle() {
        stage.show();
    }

    /** As the runtime ends a pod: it leaves the endpoints, what is under way ends, then it is gone. */
    private void restarts(int times, int perSecond) throws IOException {
        Load load = load(perSecond);
        for (int i = 0; i < times; i++) {
            int number = i % PODS;
            Pod old = pods[number];
            endpoints(number);
            stage.show();
            LockSupport.parkNanos(Duration.ofMillis(300).toNanos());
            stage.scene.noPod(old.name());
            stage.show();
            old.program().close();
            pods[number] = start(number);
            stage.show();
            endpoints();
            stage.show();
        }
        load.endsWithoutLoss();
        figures.publishEntry(times + " restarts", load.toString());
    }

    @Test
    void losesNothingWhileSnapshotsArrive() {
        snapshots(Duration.ofSeconds(3));
    }

    @Test
    void losesNothingWhileCertificatesAreRenewed() {
        renewals(Duration.ofSeconds(2), Duration.ofMillis(100));
    }

    @Test
    void losesNothingWhileTheTrustAnchorIsRotated() {
        rotations(2, Duration.ofMillis(200));
    }

    @Test
    void losesNothingWhilePodsAreRestarted() throws IOException {
        restarts(4, 200);
    }

    @Test
    @Tag("full")
    void losesNothingInAMinuteOfSnapshots() {
        snapshots(Duration.ofMinutes(1));
    }

    @Test
    @Tag("full")
    void losesNothingInAMinuteOfRenewals() {
        renewals(Duration.ofMinutes(1), Duration.ofSeconds(2));
    }

    @Test
    @Tag("full")
    void losesNothingInTenRotations() {
        rotations(10, Duration.ofSeconds(1));
    }

    @Test
    @Tag("full")
    void losesNothingInFiftyRollingRestarts() throws IOException {
        restarts(50, 200);
    }

    @Test
    void refusesWhomTheRemovedAnchorVouchedForAtOnce() throws Exception {
        WorkloadCertificate old = stage.authority.issue(Scene.workload("hello").identity());
        Peer before = connect(old, stage.authority.anchors());
        assertThat(before.open.get(10, TimeUnit.SECONDS)).isTrue();
        stage.authority.trustNext();
        stage.authority.issueByNext();
        settle();
        Peer between = connect(old, stage.authority.anchors());
        assertThat(between.open.get(10, TimeUnit.SECONDS)).isTrue();
        assertThat(between.closed).isNotDone();
        List<X509Certificate> both = stage.authority.anchors();
        stage.authority.dropOld();
        settle();
        before.closed.get(10, TimeUnit.SECONDS);
        between.closed.get(10, TimeUnit.SECONDS);
        Closure refused = connect(old, both).closed.get(10, TimeUnit.SECONDS);
        assertThat(refused.kind()).isEqualTo(Closure.Kind.TLS);
    }

    @Test
    void letsGoOfWhomeversCertificateEnds() throws Exception {
        WorkloadCertificate brief =
                stage.authority.issue(Scene.workload("hello").identity(), Duration.ofSeconds(3));
        Peer peer = connect(brief, stage.authority.anchors());
        assertThat(peer.open.get(10, TimeUnit.SECONDS)).isTrue();
        peer.closed.get(20, TimeUnit.SECONDS);
        assertThat(connect(brief, stage.authority.anchors())
                        .closed
                        .get(10, TimeUnit.SECONDS)
                        .kind())
                .isEqualTo(Closure.Kind.TLS);
    }

    /** A program of the mesh without a proxy of ours. */
    private static final class Peer implements ConnectionHandler {
        private final CompletableFuture<Boolean> open = new CompletableFuture<>();
        private final CompletableFuture<Closure> closed = new CompletableFuture<>();

        @Override
        public void opened(Connection opened) {
            opened.reading(true);
            open.complete(true);
        }

        @Override
        public void received(Received bytes) {}

        @Override
        public void writabilityChanged() {}

        @Override
        public void timedOut() {}

        @Override
        public void closed(Closure closure) {
            open.complete(false);
            closed.complete(closure);
        }
    }

    private Peer connect(WorkloadCertificate as, List<X509Certificate> anchors) {
        Peer peer = new Peer();
        ClientTls tls = ClientTls.mesh(new Credentials(as.chain(), as.privateKey(), anchors));
        Destination there = new Destination(
                pods[0].address(),
                pods[0].inbound(),
                Optional.of(tls),
                Scene.workload("quote0").identity().uri());
        transport.loops().getFirst().execute(() -> {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
            var _ = transport.loops().getFirst().connect(there, peer, deadline);
        });
        return peer;
    }
}
