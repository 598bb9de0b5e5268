package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.outcome.Hop;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/**
 * Everything changes while requests are under way, and not one of them is lost: snapshots, endpoints, certificates, the
 * trust anchor. The requests are HTTP/1.1, HTTP/2 and calls of gRPC, many of which nobody may repeat once they were sent;
 * beside them streams are open all the time, and others begin and end.
 */
class ChangesTest {

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Stage stage = new Stage();
    private final Fleet fleet = new Fleet(stage);
    private final TestReporter figures;

    ChangesTest(TestReporter figures) {
        this.figures = figures;
    }

    @BeforeEach
    void open() throws IOException {
        stage.outcomes.forgetEnded();
        fleet.open();
        assertThat(stage.proxy.problems()).isEmpty();
    }

    @AfterEach
    void close() throws IOException {
        stage.close();
    }

    private Load load(int perSecond) {
        return Load.begin(stage, fleet.callers(perSecond));
    }

    /**
     * Nothing was lost, and nothing that must not be repeated was repeated: the programs took exactly what was sent, and each
     * request has one outcome.
     */
    private void endsWithoutLoss(Load load, String changes) {
        load.endsWithoutLoss();
        int pairs = load.answered("http/");
        int calls = load.answered("grpc");
        int said = calls + load.answered("call that lasts") + 10 * load.answered("brief call");
        assertThat(fleet.posts).hasValue(pairs);
        assertThat(fleet.gets).hasValueGreaterThanOrEqualTo(pairs);
        assertThat(fleet.said).hasValue(said);
        Stage.await(() -> requests() == 2 * pairs + calls);
        assertThat(stage.proxy.problems()).isEmpty();
        figures.publishEntry(changes, load + ", of which " + (2 * pairs + calls) + " requests");
    }

    /** Those that are over and no streams, as their first proxies saw them. */
    private long requests() {
        return stage.outcomes.all().stream()
                .filter(outcome -> outcome.hop() != Hop.INBOUND && outcome.status() == 200)
                .filter(outcome -> !outcome.path().endsWith("/Chat"))
                .count();
    }

    /** A hundred a second at 500 requests/s, until there were as many of both, however long this machine takes. */
    private void snapshots(int snapshots, int requests) {
        SplittableRandom random = new SplittableRandom(1);
        Load load = load(500);
        long start = System.nanoTime();
        int count = 0;
        while (count < snapshots || answered(load) < requests) {
            assertThat(System.nanoTime() - start).as("nanoseconds").isLessThan(PATIENCE.toNanos());
            fleet.endpointsWithout(random.nextInt(Fleet.PODS));
            stage.scene.show();
            count++;
            LockSupport.parkNanos(start + count * 10_000_000L - System.nanoTime());
        }
        endsWithoutLoss(load, count + " snapshots");
    }

    private static int answered(Load load) {
        return 2 * load.answered("http/") + load.answered("grpc");
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
        endsWithoutLoss(load, count + " renewals");
    }

    /** Streams that began before the new anchor signed trust the old one alone, and begin anew before that goes. */
    private void rotations(int times, Duration pause) {
        Load load = load(500);
        for (int i = 0; i < times; i++) {
            List<Runnable> steps = List.of(
                    stage.authority::trustNext, stage.authority::issueByNext, load::renew, stage.authority::dropOld);
            for (Runnable step : steps) {
                LockSupport.parkNanos(pause.toNanos());
                step.run();
                settle();
            }
        }
        LockSupport.parkNanos(pause.toNanos());
        endsWithoutLoss(load, times + " rotations");
    }

    /** Waits until the proxy's control thread has done what it was told. */
    private void settle() {
        stage.show();
    }

    private void restarts(int times, int perSecond) throws IOException {
        Load load = load(perSecond);
        for (int i = 0; i < times; i++) {
            fleet.restart(i % Fleet.PODS);
        }
        endsWithoutLoss(load, times + " restarts of each service");
    }

    @Test
    void losesNothingWhileSnapshotsArrive() {
        snapshots(300, 500);
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
        snapshots(6_000, 27_000);
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
}
