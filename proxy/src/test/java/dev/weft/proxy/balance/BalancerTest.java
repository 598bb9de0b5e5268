package dev.weft.proxy.balance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.policy.Balancing;
import dev.weft.model.traffic.Endpoint;
import dev.weft.model.traffic.EndpointGroup;
import dev.weft.model.traffic.ServicePort;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BalancerTest {

    private static final long MILLISECOND = TimeUnit.MILLISECONDS.toNanos(1);

    private final Balancer balancer = new Balancer(group(), new SplittableRandom(1), 0, new HashTables());

    @Test
    void findsNothingWhereThereIsNoEndpoint() {
        balancer.update(group(), null, 0);
        assertThat(pick(List.of(), 0)).isEmpty();
    }

    @Test
    void givesLessThanATenthToOneOfThreeThatIsTenTimesSlower() {
        balancer.update(group(1, 2, 3), null, 0);

        Map<Integer, Integer> taken =
                simulate(8, 30_000, Map.of(1, 10 * MILLISECOND, 2, 10 * MILLISECOND, 3, 100 * MILLISECOND));

        assertThat(taken.get(3)).isBetween(1, 2_999);
    }

    @Test
    void sharesEvenlyAmongEqualEndpointsUnderLoad() {
        balancer.update(group(1, 2, 3), null, 0);

        Map<Integer, Integer> taken =
                simulate(12, 30_000, Map.of(1, 5 * MILLISECOND, 2, 5 * MILLISECOND, 3, 5 * MILLISECOND));

        assertThat(taken.values()).allSatisfy(count -> assertThat(count).isBetween(8_000, 12_000));
    }

    @Test
    void turnsAwayFromAnEndpointThatRefusesFast() {
        balancer.update(group(1, 2), null, 0);
        long now = 0;
        int refused = 0;
        for (int i = 0; i < 1_000; i++) {
            now += MILLISECOND;
            EndpointLoad load = pick(List.of(), now).orElseThrow();
            load.begin();
            if (load.endpoint().port() == 1) {
                refused++;
                load.failed(now, MILLISECOND);
            } else {
                load.answered(now, MILLISECOND, 200);
            }
            load.end();
        }
        assertThat(refused).isLessThan(10);
    }

    @Test
    void remembersWhatItLearnedWhenTheEndpointsChange() {
        balancer.update(group(1, 2), null, 0);
        EndpointLoad slow = loadOf(1);
        slow.answered(0, 1_000 * MILLISECOND, 200);
        loadOf(2).answered(0, MILLISECOND, 200);

        balancer.update(group(2, 1, 3), null, 0);

        assertThat(loadOf(1)).isSameAs(slow);
        assertThat(loadOf(3).load(0)).isZero();
    }

    @Test
    void forgetsAnEndpointThatWasRemoved() {
        balancer.update(group(1, 2), null, 0);
        loadOf(1).answered(0, 1_000 * MILLISECOND, 200);

        balancer.update(group(2), null, 0);
        balancer.update(group(1, 2), null, 0);

        assertThat(loadOf(1).load(0)).isZero();
    }

    @Test
    void triesAnotherEndpointAsLongAsThereIsOne() {
        balancer.update(group(1, 2), null, 0);

        assertThat(pick(List.of(endpoint(1)), 0).map(EndpointLoad::endpoint)).contains(endpoint(2));
        assertThat(pick(List.of(endpoint(1), endpoint(2)), 0)).isPresent();
    }

    private Optional<EndpointLoad> pick(List<Endpoint> tried, long now) {
        return balancer.pick(new Balancer.Ask(Balancing.PEAK_EWMA, 0, "", tried), now);
    }

    private record Running(long end, EndpointLoad load, long started) {}

    /** So many clients, each of which asks again when it has its answer. */
    private Map<Integer, Integer> simulate(int clients, int requests, Map<Integer, Long> latency) {
        PriorityQueue<Running> running = new PriorityQueue<>((a, b) -> Long.compare(a.end, b.end));
        Map<Integer, Integer> taken = new HashMap<>();
        long now = 0;
        for (int i = 0; i < requests; i++) {
            if (running.size() == clients) {
                Running done = running.remove();
                now = done.end;
                done.load.answered(now, now - done.started, 200);
                done.load.end();
            }
            EndpointLoad load = pick(List.of(), now).orElseThrow();
            load.begin();
            int port = load.endpoint().port();
            taken.merge(port, 1, Integer::sum);
            running.add(new Running(now + latency.getOrDefault(port, 0L), load, now));
        }
        return taken;
    }

    private EndpointLoad loadOf(int port) {
        List<Endpoint> others = IntStream.rangeClosed(1, 3)
                .filter(each -> each != port)
                .mapToObj(BalancerTest::endpoint)
                .toList();
        return pick(others, 0).orElseThrow();
    }

    private static EndpointGroup group(int... ports) {
        return new EndpointGroup(
                ServicePort.parse("default/quote:80"),
                Arrays.stream(ports).mapToObj(BalancerTest::endpoint).toList(),
                false,
                0);
    }

    private static Endpoint endpoint(int port) {
        return new Endpoint("127.0.0.1", port, Optional.empty(), Endpoint.Transport.PLAIN);
    }
}
