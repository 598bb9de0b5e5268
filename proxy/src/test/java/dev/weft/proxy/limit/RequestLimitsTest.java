package dev.weft.proxy.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.policy.ConnectionLimits;
import dev.weft.proxy.limit.RequestLimits.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RequestLimitsTest {

    private final RequestLimits limits = new RequestLimits("Service default/quote:80", 2);
    private final List<Permit> later = new ArrayList<>();

    @Test
    void letsWaitWhoFindsNoConnectionAndRefusesWhoFindsNoPlaceInLine() {
        limits.update(new ConnectionLimits(2, 1, 100, 0), false, 0);
        Permit first = granted();
        granted();
        assertThat(enter()).isInstanceOf(Entry.Waiting.class);
        assertThat(enter())
                .isEqualTo(new Entry.Refused(
                        ErrorCode.LIMIT_REACHED,
                        "Service default/quote:80 has 1 pending requests already, its limit."));
        assertThat(limits.requests()).isEqualTo(3);

        first.release();

        assertThat(later).hasSize(1);
        assertThat(limits.connections()).isEqualTo(2);
        assertThat(limits.waiting()).isZero();
    }

    @Test
    void countsThoseWhoWaitAmongTheRequests() {
        limits.update(new ConnectionLimits(1, 10, 2, 0), false, 0);
        granted();
        Entry.Waiting waiting = (Entry.Waiting) enter();
        assertThat(enter()).isInstanceOf(Entry.Refused.class);

        assertThat(waiting.ticket().cancel()).isTrue();
        limits.gaveUp();

        assertThat(enter()).isInstanceOf(Entry.Waiting.class);
    }

    @Test
    void limitsWhatIsBeingTriedAgain() {
        limits.update(new ConnectionLimits(10, 10, 10, 1), false, 0);
        Permit one = granted();
        Permit other = granted();
        assertThat(one.mayRetry()).isTrue();
        assertThat(one.mayRetry()).as("the same request again").isTrue();
        assertThat(other.mayRetry()).isFalse();
        one.release();
        assertThat(other.mayRetry()).isTrue();
    }

    @Test
    void letsInWhoWaitsWhenTheLimitIsRaised() {
        limits.update(new ConnectionLimits(1, 10, 10, 0), false, 0);
        granted();
        enter();
        enter();
        limits.update(new ConnectionLimits(2, 10, 10, 0), false, 0);
        assertThat(later).hasSize(1);
    }

    @Test
    void leavesStreamsOutOfWhatLatencyAllows() {
        limits.update(ConnectionLimits.NONE, true, 0);
        int most = limits.adaptiveLimit().orElseThrow();
        List<Permit> streams = new ArrayList<>();
        for (int i = 0; i < 2 * most; i++) {
            Permit permit = ((Entry.Granted) limits.enter(true, later::add)).permit();
            permit.lasts();
            streams.add(permit);
        }
        assertThat(limits.requests()).isEqualTo(2 * most);
        granted().release();
        streams.forEach(Permit::release);
        assertThat(limits.passing()).isZero();
    }

    @Test
    void neverPassesALimitAndLosesNobodyOnTwoLoops() throws InterruptedException {
        limits.update(new ConnectionLimits(3, 5, 7, 0), false, 0);
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger ended = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(2);
        for (int loop = 0; loop < 2; loop++) {
            SplittableRandom random = new SplittableRandom(loop);
            Thread.ofPlatform().start(() -> {
                run(random, inside, ended);
                done.countDown();
            });
        }
        done.await();

        assertThat(ended).as("requests that ended: served, refused or given up").hasValue(2 * ROUNDS);
        assertThat(limits.requests()).isZero();
        assertThat(limits.connections()).isZero();
        assertThat(limits.waiting()).isZero();
    }

    private static final int ROUNDS = 30_000;

    /** One loop: its requests, those that wait, and what other loops grant it. */
    private void run(SplittableRandom random, AtomicInteger inside, AtomicInteger ended) {
        Queue<Permit> grants = new ConcurrentLinkedQueue<>();
        List<Permit> held = new ArrayList<>();
        List<Ticket<Permit>> waiting = new ArrayList<>();
        int begun = 0;
        int owed = 0; // answers to those that waited: a grant of another loop comes some time after its ticket is taken
        while (begun < ROUNDS || !held.isEmpty() || owed > 0) {
            if (begun < ROUNDS && random.nextBoolean()) {
                begun++;
                switch (limits.enter(false, grants::add)) {
                    case Entry.Granted(Permit permit) -> hold(permit, held, inside);
                    case Entry.Waiting(Ticket<Permit> ticket) -> {
                        waiting.add(ticket);
                        owed++;
                    }
                    case Entry.Refused _ -> ended.incrementAndGet();
                }
            }
            for (Permit grant = grants.poll(); grant != null; grant = grants.poll()) {
                hold(grant, held, inside);
                owed--;
            }
            if (!waiting.isEmpty() && random.nextInt(4) == 0) {
                if (waiting.removeLast().cancel()) {
                    limits.gaveUp();
                    ended.incrementAndGet();
                    owed--;
                }
            } else if (!held.isEmpty() && random.nextBoolean()) {
                inside.decrementAndGet();
                held.removeLast().release();
                ended.incrementAndGet();
            }
        }
    }

    private static void hold(Permit permit, List<Permit> held, AtomicInteger inside) {
        assertThat(inside.incrementAndGet()).as("connections at once").isLessThanOrEqualTo(3);
        held.add(permit);
    }

    private Entry enter() {
        return limits.enter(false, later::add);
    }

    private Permit granted() {
        return ((Entry.Granted) enter()).permit();
    }
}
