package dev.weft.proxy.balance;

import static dev.weft.proxy.balance.VirtualServers.MILLISECOND;
import static dev.weft.proxy.balance.VirtualServers.SECOND;
import static dev.weft.proxy.balance.VirtualServers.endpoint;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.policy.Balancing;
import dev.weft.model.policy.CircuitBreaking;
import dev.weft.model.policy.CircuitBreaking.SuccessRate;
import dev.weft.model.policy.ConnectionLimits;
import dev.weft.model.policy.TrafficPolicy;
import dev.weft.model.traffic.EndpointGroup;
import dev.weft.proxy.balance.EndpointHealth.Result;
import dev.weft.proxy.balance.VirtualServers.Reply;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class CircuitBreakerTest {

    private final SplittableRandom random = new SplittableRandom(1);
    private final CircuitBreaker breaker = new CircuitBreaker(2);

    @Test
    void takesAnEndpointOutAfterSevenFailuresInARow() {
        show(rules(50, 50), 1, 2);
        fail(1, 6, SECOND);
        end(1, Result.GOOD, SECOND);
        fail(1, 6, SECOND);
        assertThat(breaker.out())
                .as("a success in between begins the count anew")
                .isZero();

        fail(1, 1, SECOND);

        assertThat(health(1).in()).isFalse();
        assertThat(breaker.outNow(SECOND)).singleElement().asString().contains("7 failures in a row");
    }

    @Test
    void countsFailuresOfAllLoopsTogether() {
        show(rules(50, 50), 1, 2);
        for (int i = 0; i < 7; i++) {
            health(1).ended(Result.FAILED, i % 2, SECOND, SECOND, random);
        }
        assertThat(health(1).in()).isFalse();
    }

    @Test
    void letsOneRequestTryItAndDoublesItsTimeWhenThatFails() {
        show(rules(50, 50), 1, 2);
        fail(1, 7, 0);
        long now = 0;
        long before = 0;
        for (int times = 1; times <= 8; times++) {
            long out = now;
            while (!health(1).tryAgain(now)) {
                now += 10 * MILLISECOND;
            }
            assertThat(health(1).tryAgain(now)).as("a second one at once").isFalse();
            double expected = Math.min(60, 1 << (times - 1));
            assertThat((now - out) / (double) SECOND)
                    .as("seconds out, time %d (1.5 times with chance)", times)
                    .isBetween(expected, expected * 1.5 + 0.02);
            assertThat(now - out).as("never shorter than half of the last").isGreaterThan(before / 2);
            before = now - out;
            end(1, Result.FAILED, now);
        }
        while (!health(1).tryAgain(now)) {
            now += 10 * MILLISECOND;
        }
        end(1, Result.GOOD, now);

        assertThat(health(1).in()).as("in after one success").isTrue();
        assertThat(breaker.out()).isZero();
    }

    @Test
    void ignoresWhatWasSentBeforeItWentOut() {
        show(rules(50, 50), 1, 2);
        fail(1, 7, SECOND);
        long later = 3 * SECOND;
        assertThat(health(1).tryAgain(later)).isTrue();

        health(1).ended(Result.GOOD, 0, SECOND - 1, later + 1, random);
        assertThat(health(1).in()).as("an old success proves nothing").isFalse();
        end(1, Result.GOOD, later + 2);
        health(1).ended(Result.FAILED, 0, SECOND - 1, later + 3, random);

        assertThat(health(1).in()).isTrue();
    }

    @Test
    void givesTheTrialToAnotherWhenItsRequestNeverComesBack() {
        show(rules(50, 50), 1, 2);
        fail(1, 7, 0);
        assertThat(health(1).tryAgain(2 * SECOND)).isTrue();
        assertThat(health(1).tryAgain(6 * SECOND)).isFalse();
        assertThat(health(1).tryAgain(7 * SECOND)).isTrue();
    }

    @Test
    void neverTakesMoreOutThanTheCap() throws InterruptedException {
        int[] ports = {1, 2, 3, 4, 5, 6, 7, 8, 9};
        show(rules(50, 50), ports);
        CountDownLatch done = new CountDownLatch(2);
        for (int loop = 0; loop < 2; loop++) {
            int number = loop;
            Thread.ofPlatform().start(() -> {
                SplittableRandom own = new SplittableRandom(number);
                for (int i = 0; i < 20_000; i++) {
                    health(ports[own.nextInt(ports.length)])
                            .ended(own.nextInt(4) == 0 ? Result.GOOD : Result.FAILED, number, i, i, own);
                    assertThat(breaker.out()).as("out of 9").isLessThanOrEqualTo(4);
                }
                done.countDown();
            });
        }
        done.await();
        assertThat(breaker.out()).isEqualTo(4);
        assertThat(breaker.outNow(0)).hasSize(4);
    }

    @Test
    void keepsTheOnlyEndpointUnlessToldOtherwise() {
        show(rules(50, 50), 1);
        fail(1, 20, 0);
        assertThat(health(1).in()).isTrue();

        show(rules(100, 0), 1);
        fail(1, 7, SECOND);
        assertThat(health(1).in()).isFalse();
    }

    @Test
    void usesAllWhenTooFewAreIn() {
        assertThat(picked(rules(100, 50), 1, 2))
                .as("2 of 4 out: half is enough")
                .doesNotContain(1, 2);
        assertThat(picked(rules(100, 50), 1, 2, 3)).as("3 of 4 out: panic").contains(1, 2, 3, 4);
        assertThat(picked(rules(100, 0), 1, 2, 3)).as("panic off").containsExactly(4);
        assertThat(picked(rules(100, 0), 1, 2, 3, 4)).as("all out").isEmpty();
    }

    private List<Integer> picked(CircuitBreaking rules, int... failing) {
        CircuitBreaker own = new CircuitBreaker(1);
        EndpointGroup group = VirtualServers.group(policy(rules), 1, 2, 3, 4);
        own.update(group, 0);
        Balancer balancer = new Balancer(group, random, 0, new HashTables());
        balancer.update(group, own, 0);
        for (int port : failing) {
            for (int i = 0; i < 7; i++) {
                Objects.requireNonNull(own.health(endpoint(port))).ended(Result.FAILED, 0, 1, 1, random);
            }
        }
        Balancer.Ask ask = new Balancer.Ask(Balancing.PEAK_EWMA, 0, "", List.of());
        List<Integer> picked = java.util.stream.IntStream.range(0, 200)
                .mapToObj(_ -> balancer.pick(ask, 2))
                .flatMap(Optional::stream)
                .map(load -> load.endpoint().port())
                .distinct()
                .sorted()
                .toList();
        assertThat(balancer.allOut()).isEqualTo(picked.isEmpty());
        return picked;
    }

    @Test
    void givesBackThePlaceOfAnEndpointThatIsRemoved() {
        show(rules(50, 50), 1, 2);
        fail(1, 7, 0);
        show(rules(50, 50), 2, 3);
        assertThat(breaker.out()).isZero();
        fail(2, 7, SECOND);
        assertThat(breaker.out()).isEqualTo(1);
    }

    @Test
    void hasAnEndpointThatFailsHalfTheTimeOutWithinTenSeconds() {
        CircuitBreaking unified = new CircuitBreaking(
                7, Optional.of(SuccessRate.DEFAULT), Duration.ofSeconds(1), Duration.ofMinutes(1), 0.5, 50, 50);
        VirtualServers servers = new VirtualServers();
        for (int port = 1; port <= 3; port++) {
            servers.server(port, 8, 5 * MILLISECOND, port == 3 ? 0.5 : 0);
        }
        servers.show(VirtualServers.group(policy(unified), 1, 2, 3));

        List<Reply> first = List.copyOf(servers.ask(30, 300));
        List<Reply> later = servers.ask(30, 3_000);

        assertThat(first.stream().filter(reply -> reply.status() == 500).count())
                .as("failures in the first 10 s at 30/s")
                .isLessThan(20);
        assertThat(VirtualServers.share(later, 3))
                .as("share of the failing one after that")
                .isLessThan(0.12);
    }

    private void show(CircuitBreaking rules, int... ports) {
        breaker.update(VirtualServers.group(policy(rules), ports), 0);
    }

    private static CircuitBreaking rules(int ejectedPercent, int panicPercent) {
        return new CircuitBreaking(
                7, Optional.empty(), Duration.ofSeconds(1), Duration.ofMinutes(1), 0.5, ejectedPercent, panicPercent);
    }

    private static TrafficPolicy policy(CircuitBreaking rules) {
        return new TrafficPolicy(
                Balancing.PEAK_EWMA, Duration.ZERO, TrafficPolicy.Zones.ANY, rules, ConnectionLimits.NONE, false);
    }

    private EndpointHealth health(int port) {
        return Objects.requireNonNull(breaker.health(endpoint(port)));
    }

    private void fail(int port, int times, long now) {
        for (int i = 0; i < times; i++) {
            end(port, Result.FAILED, now);
        }
    }

    private void end(int port, Result result, long now) {
        health(port).ended(result, 0, now, now, random);
    }
}
