package dev.weft.proxy.balance;

import static dev.weft.proxy.balance.VirtualServers.MILLISECOND;
import static dev.weft.proxy.balance.VirtualServers.group;
import static dev.weft.proxy.balance.VirtualServers.p99;
import static dev.weft.proxy.balance.VirtualServers.share;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.policy.Balancing;
import dev.weft.model.policy.CircuitBreaking;
import dev.weft.model.policy.ConnectionLimits;
import dev.weft.model.policy.TrafficPolicy;
import dev.weft.model.policy.TrafficPolicy.Zones;
import dev.weft.model.traffic.EndpointGroup;
import dev.weft.proxy.balance.VirtualServers.Reply;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What each way of balancing does with the same servers, in virtual time. */
class PoliciesTest {

    private static final long FAST = 10 * MILLISECOND;
    private static final long SLOW = 100 * MILLISECOND;

    @Test
    void givesLittleToTheSlowOneAndKeepsThe99thPercentile() {
        List<Reply> allFast = three(Balancing.PEAK_EWMA, FAST).ask(300, 30_000);
        List<Reply> oneSlow = three(Balancing.PEAK_EWMA, SLOW).ask(300, 30_000);
        List<Reply> inTurn = three(new Balancing.RoundRobin(), SLOW).ask(300, 30_000);

        assertThat(share(oneSlow, 3))
                .as("share of the slow one by peak-EWMA (round robin: %.3f)", share(inTurn, 3))
                .isLessThan(0.1);
        assertThat(p99(oneSlow) / (double) p99(allFast))
                .as("p99 against all fast (round robin: %.1f)", p99(inTurn) / (double) p99(allFast))
                .isLessThan(1.5);
        assertThat(p99(inTurn)).as("the contrast").isGreaterThanOrEqualTo(SLOW);
    }

    @Test
    void sendsTheNextToTheOneWithFewerRequests() {
        List<Reply> replies = three(new Balancing.LeastRequest(), SLOW).ask(600, 30_000);

        assertThat(share(replies, 3)).as("share of the slow one").isBetween(0.01, 0.2);
    }

    @Test
    void takesOneAfterTheOther() {
        List<Reply> replies = three(new Balancing.RoundRobin(), FAST).ask(300, 30_000);

        for (int port = 1; port <= 3; port++) {
            assertThat(share(replies, port)).as("share of %d", port).isBetween(0.333, 0.334);
        }
    }

    @Test
    void letsANewEndpointGrowIntoItsShare() {
        for (Balancing balancing :
                List.of(Balancing.PEAK_EWMA, new Balancing.LeastRequest(), new Balancing.RoundRobin())) {
            VirtualServers servers = three(balancing, FAST);
            servers.show(group(slowStart(Duration.ofSeconds(60)), 1, 2)).ask(300, 3_000);
            servers.show(group(slowStart(Duration.ofSeconds(60)), 1, 2, 3));

            double first = share(servers.ask(300, 1_500), 3); // 5 s
            servers.ask(300, 18_000);
            double last = share(servers.ask(300, 6_000), 3);

            assertThat(first)
                    .as("share in the first 5 of 60 s by %s", balancing)
                    .isBetween(0.01, 0.12);
            assertThat(last).as("share after that by %s", balancing).isBetween(0.28, 0.38);
        }
    }

    @Test
    void staysInTheCallersZoneWhileThatCanTakeIt() {
        List<Reply> light = zoned().ask(100, 10_000);
        List<Reply> heavy = zoned().ask(700, 30_000); // the two close ones can do 400/s

        assertThat(share(light, 1) + share(light, 2))
                .as("close, lightly loaded")
                .isGreaterThan(0.95);
        assertThat(share(heavy, 3) + share(heavy, 4)).as("far, overloaded").isBetween(0.3, 0.5);
        assertThat(p99(heavy)).as("p99 while it spills over").isLessThan(20 * FAST);
    }

    @Test
    void leavesTheZoneWhenNothingThereIsIn() {
        VirtualServers servers =
                zoned(CircuitBreaking.CONSECUTIVE).server(1, 2, FAST, 1).server(2, 2, FAST, 1);

        servers.ask(100, 200);
        List<Reply> replies = servers.ask(100, 500);

        assertThat(replies.stream().filter(reply -> reply.status() == 500).count())
                .as("failures of 500 requests")
                .isLessThan(25);
    }

    private static VirtualServers three(Balancing balancing, long third) {
        return new VirtualServers()
                .by(balancing)
                .server(1, 4, FAST)
                .server(2, 4, FAST)
                .server(3, 4, third)
                .show(group(TrafficPolicy.DEFAULT, 1, 2, 3));
    }

    private static TrafficPolicy slowStart(Duration time) {
        return new TrafficPolicy(
                Balancing.PEAK_EWMA, time, Zones.ANY, CircuitBreaking.OFF, ConnectionLimits.NONE, false);
    }

    private static VirtualServers zoned() {
        return zoned(CircuitBreaking.OFF);
    }

    private static VirtualServers zoned(CircuitBreaking breaking) {
        TrafficPolicy policy = new TrafficPolicy(
                Balancing.PEAK_EWMA, Duration.ZERO, Zones.CLOSE, breaking, ConnectionLimits.NONE, false);
        EndpointGroup all = group(policy, 1, 2, 3, 4);
        VirtualServers servers = new VirtualServers().from("a");
        for (int port = 1; port <= 4; port++) {
            servers.server(port, 2, FAST);
        }
        return servers.show(
                new EndpointGroup(all.servicePort(), all.endpoints(), false, 0, policy, List.of("a", "a", "b", "b")));
    }
}
