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
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HashingTest {

    private static final int KEYS = 20_000;

    @ParameterizedTest
    @EnumSource(HashTable.Kind.class)
    void sharesKeysEvenly(HashTable.Kind kind) {
        int[] owned = new int[10];
        for (Endpoint owner : owners(kind, endpoints(10))) {
            owned[owner.port() - 1]++;
        }
        double most = IntStream.of(owned).max().orElseThrow() / (KEYS / 10.0);
        double least = IntStream.of(owned).min().orElseThrow() / (KEYS / 10.0);

        assertThat(most)
                .as("%s: the largest share against the mean", kind)
                .isLessThan(kind == HashTable.Kind.RING ? 1.4 : 1.1);
        assertThat(least)
                .as("%s: the smallest share against the mean", kind)
                .isGreaterThan(kind == HashTable.Kind.RING ? 0.65 : 0.9);
    }

    @ParameterizedTest
    @EnumSource(HashTable.Kind.class)
    void movesFewKeysWhenAnEndpointLeavesOrJoins(HashTable.Kind kind) {
        List<Endpoint> ten = endpoints(10);
        List<Endpoint> nine = new ArrayList<>(ten);
        nine.remove(4);
        List<Endpoint> before = owners(kind, ten);
        List<Endpoint> after = owners(kind, nine);
        int orphans = 0;
        int moved = 0;
        for (int i = 0; i < KEYS; i++) {
            boolean orphan = before.get(i).equals(ten.get(4));
            orphans += orphan ? 1 : 0;
            moved += !orphan && !before.get(i).equals(after.get(i)) ? 1 : 0;
        }

        // the other way round, the keys that move are the same ones
        assertThat((double) moved / (KEYS - orphans))
                .as("%s: keys that had to stay and moved (%d had to move)", kind, orphans)
                .isLessThanOrEqualTo(kind == HashTable.Kind.RING ? 0 : 0.05);
    }

    @ParameterizedTest
    @EnumSource(HashTable.Kind.class)
    void doesNotDependOnTheOrderOfTheEndpoints(HashTable.Kind kind) {
        List<Endpoint> shuffled = new ArrayList<>(endpoints(10));
        Collections.reverse(shuffled);
        List<Endpoint> one = owners(kind, endpoints(10));
        List<Endpoint> other = owners(kind, shuffled);
        long same = IntStream.range(0, KEYS)
                .filter(i -> one.get(i).equals(other.get(i)))
                .count();

        assertThat(same / (double) KEYS)
                .as("%s: keys with the same owner", kind)
                .isGreaterThan(0.97);
    }

    @Test
    void sendsOneKeyToOneEndpointUntilThatIsOutOrWasTried() {
        EndpointGroup group = group(endpoints(5));
        CircuitBreaker breaker = new CircuitBreaker(1);
        breaker.update(group, 0);
        Balancer balancer = new Balancer(group, new SplittableRandom(1), 0, new HashTables());
        balancer.update(group, breaker, 0);
        EndpointLoad first = pick(balancer, List.of());

        assertThat(pick(balancer, List.of())).isSameAs(first);
        assertThat(pick(balancer, List.of(first.endpoint()))).isNotSameAs(first);
        for (int i = 0; i < CircuitBreaking.CONSECUTIVE_FAILURES; i++) {
            first.failed(1, 1);
        }
        EndpointLoad second = pick(balancer, List.of());
        assertThat(second).isNotSameAs(first);
        assertThat(pick(balancer, List.of())).isSameAs(second);
    }

    @Test
    void makesATableOnceForAllLoopsAndAgainOnlyWhenEndpointsChange() {
        HashTables tables = new HashTables();
        ServicePort quote = ServicePort.parse("default/quote:80");
        HashTable made = tables.of(quote, HashTable.Kind.MAGLEV, endpoints(3));

        tables.update(snapshot(group(endpoints(3))));
        assertThat(tables.of(quote, HashTable.Kind.MAGLEV, endpoints(3))).isSameAs(made);

        tables.update(snapshot(group(endpoints(4))));
        HashTable next = tables.of(quote, HashTable.Kind.MAGLEV, endpoints(4));
        assertThat(next).isNotSameAs(made);
        assertThat(tables.of(quote, HashTable.Kind.MAGLEV, endpoints(4))).isSameAs(next);
    }

    private static EndpointLoad pick(Balancer balancer, List<Endpoint> tried) {
        Balancing byKey = new Balancing.RingHash(new Balancing.HashKey.SourceAddress());
        return balancer.pick(new Balancer.Ask(byKey, Hash.of("somebody"), "", tried), 2)
                .orElseThrow();
    }

    private static Snapshot snapshot(EndpointGroup group) {
        return new Snapshot(
                1, List.of(), List.of(), Map.of(), Map.of(group.servicePort(), group), List.of(), Map.of(), List.of());
    }

    private static EndpointGroup group(List<Endpoint> endpoints) {
        TrafficPolicy policy = new TrafficPolicy(
                Balancing.PEAK_EWMA,
                Duration.ZERO,
                TrafficPolicy.Zones.ANY,
                CircuitBreaking.CONSECUTIVE,
                ConnectionLimits.NONE,
                false);
        return new EndpointGroup(ServicePort.parse("default/quote:80"), endpoints, false, 0, policy, List.of());
    }

    private static List<Endpoint> endpoints(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(VirtualServers::endpoint)
                .toList();
    }

    private static List<Endpoint> owners(HashTable.Kind kind, List<Endpoint> endpoints) {
        HashTable table = HashTable.of(kind, endpoints);
        return IntStream.range(0, KEYS)
                .mapToObj(key -> endpoints.get(table.at(Hash.of("key " + key), 0)))
                .toList();
    }
}
