package dev.weft.proxy.balance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.policy.Balancing;
import dev.weft.model.policy.CircuitBreaking;
import dev.weft.model.policy.ConnectionLimits;
import dev.weft.model.policy.TrafficPolicy;
import dev.weft.model.traffic.Endpoint;
import dev.weft.model.traffic.EndpointGroup;
import dev.weft.model.traffic.ServicePort;
import dev.weft.model.traffic.Snapshot;
import dev.weft.proxy.limit.Ticket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GateTest {

    private static final ServicePort HELLO = ServicePort.parse("default/hello:80");

    private static final int FAILURE = 500;

    private final CircuitBreakers breakers = new CircuitBreakers(2);
    private final Gates gates = new Gates(breakers, () -> this.now);
    private final List<String> granted = new ArrayList<>();
    private long now;

    @Test
    void letsInAsManyAsTheEndpointsTakeAndSpreadsThem() {
        Gate gate = gate(2, 1, 2);

        assertThat(IntStream.range(0, 4)
                        .mapToObj(_ -> gate.tryEnter().orElseThrow().endpoint().port()))
                .containsExactlyInAnyOrder(1, 1, 2, 2);
        assertThat(gate.tryEnter()).isEmpty();
    }

    @Test
    void givesAFreedSlotToTheFirstInLine() {
        Gate gate = gate(1, 1);
        Slot slot = gate.tryEnter().orElseThrow();
        gate.join(got -> granted.add("first"));
        gate.join(got -> granted.add("second"));

        slot.release();

        assertThat(granted).containsExactly("first");
        assertThat(gate.waiting()).isEqualTo(1);
    }

    @Test
    void letsNobodyPassThoseWhoWait() {
        Gate gate = gate(1);
        gate.join(got -> granted.add("first"));

        assertThat(gate.tryEnter()).isEmpty();
    }

    @Test
    void skipsWhoLeftTheLine() {
        Gate gate = gate(1, 1);
        Slot slot = gate.tryEnter().orElseThrow();
        Ticket<Optional<Slot>> first = gate.join(got -> granted.add("first")).orElseThrow();
        gate.join(got -> granted.add("second"));

        assertThat(first.cancel()).isTrue();
        slot.release();

        assertThat(granted).containsExactly("second");
        assertThat(first.cancel()).isFalse();
        assertThat(gate.waiting()).isZero();
    }

    @Test
    void refusesWhenTenWaitForEachSlot() {
        Gate gate = gate(1, 1, 2);
        gate.tryEnter();
        gate.tryEnter();

        assertThat(IntStream.range(0, 25)
                        .filter(_ -> gate.join(got -> {}).isPresent())
                        .count())
                .isEqualTo(20);
    }

    @Test
    void holdsTenThousandForAServiceThatSleeps() {
        Gate gate = gate(0);

        assertThat(IntStream.range(0, 10_010)
                        .filter(_ -> gate.join(got -> {}).isPresent())
                        .count())
                .isEqualTo(10_000);
    }

    @Test
    void refusesNobodyForTheFirstInstanceThatComesToALineThatIsLong() {
        Gate gate = gate(1);
        IntStream.range(0, 50).forEach(i -> gate.join(got -> granted.add("request " + i)));

        gates.update(snapshot(group(1, 7)));

        assertThat(granted).containsExactly("request 0");
        assertThat(gate.join(got -> granted.add("late"))).isPresent();
        assertThat(gate.waiting()).isEqualTo(50);
    }

    @Test
    void refusesAgainOnceTheLineOfASleepingServiceWasEmpty() {
        Gate gate = gate(1);
        List<Slot> slots = new ArrayList<>();
        gate.join(got -> got.ifPresent(slots::add));
        gates.update(snapshot(group(1, 7)));
        assertThat(slots).hasSize(1);

        IntStream.range(0, 10).forEach(i -> assertThat(gate.join(got -> {})).isPresent());

        assertThat(gate.join(got -> {})).isEmpty();
    }

    @Test
    void letsInWhoWaitsWhenAnEndpointAppears() {
        Gate gate = gate(1);
        gate.join(got -> granted.add("first@" + got.orElseThrow().endpoint().port()));
        gate.join(got -> granted.add("second"));

        gates.update(snapshot(group(1, 7)));

        assertThat(granted).containsExactly("first@7");
    }

    @Test
    void keepsCountingRequestsInAnEndpointThatStays() {
        Gate gate = gate(1, 1);
        gate.tryEnter();

        gates.update(snapshot(group(1, 1, 2)));

        assertThat(gate.tryEnter().orElseThrow().endpoint().port()).isEqualTo(2);
        assertThat(gate.tryEnter()).isEmpty();
    }

    @Test
    void needsAGateOnlyToSleepOrToLimit() {
        assertThat(Gates.needed(new EndpointGroup(HELLO, List.of(endpoint(1)), true, 0)))
                .isFalse();
        assertThat(Gates.needed(new EndpointGroup(HELLO, List.of(), true, 0))).isTrue();
        assertThat(Gates.needed(new EndpointGroup(HELLO, List.of(), false, 0))).isFalse();
        assertThat(Gates.needed(new EndpointGroup(HELLO, List.of(endpoint(1)), false, 3)))
                .isTrue();
    }

    @Test
    void neverExceedsTheLimitNorLosesAWaiterWhenManyLoopsPress() throws Exception {
        Gate gate = gate(3, 1, 2);
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        int loops = 4;
        int requests = 5_000;
        CountDownLatch served = new CountDownLatch(loops * requests);
        try (ExecutorService executor = Executors.newFixedThreadPool(loops)) {
            for (int i = 0; i < loops; i++) {
                executor.execute(() -> press(gate, requests, inside, most, served));
            }
            assertThat(served.await(30, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(most.get()).isBetween(1, 6);
        assertThat(gate.waiting()).isZero();
    }

    /** One loop: enters or joins, and serves what it was granted before it asks for more. */
    private static void press(
            Gate gate, int requests, AtomicInteger inside, AtomicInteger most, CountDownLatch served) {
        ConcurrentLinkedQueue<Slot> mine = new ConcurrentLinkedQueue<>();
        int asked = 0;
        int answered = 0;
        while (answered < requests) {
            if (asked < requests) {
                Optional<Slot> slot = gate.tryEnter();
                slot.ifPresent(got -> enter(got, inside, most, mine));
                boolean in = slot.isPresent()
                        || gate.join(got -> enter(got.orElseThrow(), inside, most, mine))
                                .isPresent();
                asked += in ? 1 : 0;
            }
            Slot slot = mine.poll();
            if (slot != null) {
                inside.decrementAndGet();
                answered++;
                served.countDown();
                slot.release();
            }
            Thread.onSpinWait();
        }
    }

    private static void enter(Slot slot, AtomicInteger inside, AtomicInteger most, ConcurrentLinkedQueue<Slot> mine) {
        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
        mine.add(slot);
    }

    @Test
    void givesNoSlotInAnEndpointThatIsOut() {
        Gate gate = breaking(50, 0, 2, 1, 2);
        fails(gate, 1);

        assertThat(IntStream.range(0, 4)
                        .mapToObj(
                                _ -> gate.tryEnter().map(slot -> slot.endpoint().port())))
                .containsExactly(Optional.of(2), Optional.of(2), Optional.empty(), Optional.empty());
    }

    @Test
    void letsOneRequestTryAnEndpointWhoseTimeIsOver() {
        Gate gate = breaking(50, 0, 2, 1, 2);
        fails(gate, 1);
        now += TimeUnit.SECONDS.toNanos(1);

        Slot trial = gate.tryEnter().orElseThrow();
        assertThat(trial.endpoint().port()).isEqualTo(1);
        assertThat(gate.tryEnter().orElseThrow().endpoint().port()).isEqualTo(2);

        ended(trial.endpoint(), 200);
        trial.release();
        assertThat(gate.tryEnter().orElseThrow().endpoint().port()).isEqualTo(1);
        assertThat(gate.outNow()).isEmpty();
    }

    @Test
    void aTrialOfWhichNothingIsKnownIsTheNextOnesAtOnce() {
        Gate gate = breaking(50, 0, 2, 1, 2);
        fails(gate, 1);
        now += TimeUnit.SECONDS.toNanos(1);
        Slot given = gate.tryEnter().orElseThrow();
        assertThat(given.endpoint().port()).isEqualTo(1);

        given.release(); // whoever waited for it has gone

        assertThat(gate.tryEnter().orElseThrow().endpoint().port()).isEqualTo(1);
    }

    @Test
    void aTrialWhoseClientLeavesIsTheNextOnesAtOnce() {
        Gate gate = breaking(50, 0, 2, 1, 2);
        fails(gate, 1);
        now += TimeUnit.SECONDS.toNanos(1);
        Balancer balancer = new Balancers(new SplittableRandom(1), 0, breakers, new HashTables()).of(current, now);
        EndpointLoad trial = Objects.requireNonNull(
                balancer.load(gate.tryEnter().orElseThrow().endpoint()));
        assertThat(trial.endpoint().port()).isEqualTo(1);

        trial.abandoned(now, 0);

        assertThat(gate.tryEnter().orElseThrow().endpoint().port()).isEqualTo(1);
    }

    @Test
    void letsNobodyWaitForEndpointsThatAreAllOut() {
        Gate gate = breaking(100, 0, 1, 1);
        Slot last = gate.tryEnter().orElseThrow();
        gate.join(got -> granted.add("first: " + got.isPresent()));
        gate.join(got -> granted.add("second: " + got.isPresent()));
        for (int i = 0; i < 7; i++) {
            ended(last.endpoint(), FAILURE);
        }

        last.release();

        assertThat(granted).containsExactly("first: false", "second: false");
        assertThat(gate.waiting()).isZero();
        gate.join(got -> granted.add("third: " + got.isPresent()));
        assertThat(granted).endsWith("third: false");
        assertThat(gate.outNow()).singleElement().asString().contains("7 failures in a row");
    }

    @Test
    void usesAllEndpointsInAPanic() {
        Gate gate = breaking(100, 60, 1, 1, 2);
        fails(gate, 1);

        assertThat(IntStream.range(0, 2)
                        .mapToObj(_ -> gate.tryEnter().orElseThrow().endpoint().port()))
                .containsExactlyInAnyOrder(1, 2);
    }

    /** Seven requests to this one fail, while others pass it by. */
    private void fails(Gate gate, int port) {
        for (int failures = 0; failures < 7; ) {
            Slot slot = gate.tryEnter().orElseThrow();
            if (slot.endpoint().port() == port) {
                ended(slot.endpoint(), FAILURE);
                failures++;
            }
            slot.release();
        }
    }

    private void ended(Endpoint endpoint, int status) {
        Balancer balancer = new Balancers(new SplittableRandom(1), 0, breakers, new HashTables()).of(current, now);
        Objects.requireNonNull(balancer.load(endpoint)).judged(now, 0, status);
    }

    private EndpointGroup current = group(0);

    private Gate breaking(int ejectedPercent, int panicPercent, int limit, int... ports) {
        Duration second = Duration.ofSeconds(1);
        CircuitBreaking rules =
                new CircuitBreaking(7, Optional.empty(), second, second, 0, ejectedPercent, panicPercent);
        current = group(limit, ports)
                .with(new TrafficPolicy(
                        Balancing.PEAK_EWMA,
                        Duration.ZERO,
                        TrafficPolicy.Zones.ANY,
                        rules,
                        ConnectionLimits.NONE,
                        false));
        breakers.update(snapshot(current), now);
        gates.update(snapshot(current));
        return gates.gate(current);
    }

    private Gate gate(int limit, int... ports) {
        EndpointGroup group = group(limit, ports);
        gates.update(snapshot(group));
        return gates.gate(group);
    }

    private static Snapshot snapshot(EndpointGroup group) {
        return new Snapshot(1, List.of(), List.of(), Map.of(), Map.of(HELLO, group), List.of(), Map.of(), List.of());
    }

    private static EndpointGroup group(int limit, int... ports) {
        return new EndpointGroup(
                HELLO, IntStream.of(ports).mapToObj(GateTest::endpoint).toList(), true, limit);
    }

    private static Endpoint endpoint(int port) {
        return new Endpoint("127.0.0.1", port, Optional.empty(), Endpoint.Transport.PLAIN);
    }
}
