package dev.weft.proxy.balance;

import dev.weft.model.policy.Balancing;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Takes one of several endpoints by load or in turn. Of two taken at random the better one is nearly as good as the best
 * of all, and two loops that do not know of each other do not all choose the same (Mitzenmacher, The Power of Two Choices
 * in Randomized Load Balancing, 2001). Belongs to one loop.
 */
final class Chooser {

    /**
     * How many times as many requests a close endpoint may have as a far one before a request goes far. Latency is not
     * asked: that of an endpoint that is hardly used sinks with time.
     */
    private static final int SPILL_OVER = 2;

    /** How often an endpoint that has just started may be passed over before any will do. */
    private static final int DRAWS_MAX = 4;

    private final RandomGenerator random;
    private int turn;
    private @Nullable EndpointLoad comparedWith;

    Chooser(RandomGenerator random) {
        this.random = random;
        this.turn = random.nextInt(1 << 16); // loops do not begin with the same endpoint
    }

    /** Which endpoint lost to the one that was chosen last. */
    Optional<EndpointLoad> comparedWith() {
        return Optional.ofNullable(comparedWith);
    }

    /** @param from at least one */
    EndpointLoad choose(Balancing balancing, EndpointLoad[] from, long slowStartNanos, long nowNanos) {
        comparedWith = null;
        if (from.length == 1) {
            return from[0];
        }
        if (balancing instanceof Balancing.RoundRobin) {
            return inTurn(from, slowStartNanos, nowNanos);
        }
        int one = random.nextInt(from.length);
        int drawn = random.nextInt(from.length - 1);
        EndpointLoad first = from[one];
        EndpointLoad second = from[drawn < one ? drawn : drawn + 1];
        boolean inOrder = load(balancing, first, nowNanos) <= load(balancing, second, nowNanos);
        EndpointLoad better = inOrder ? first : second;
        EndpointLoad worse = inOrder ? second : first;
        boolean passed = passedOver(better, slowStartNanos, nowNanos);
        comparedWith = passed ? better : worse;
        return passed ? worse : better;
    }

    /**
     * A close endpoint, unless the far one that would be chosen is much less loaded.
     *
     * @param close at least one
     * @param far at least one
     */
    EndpointLoad closeFirst(
            Balancing balancing, EndpointLoad[] close, EndpointLoad[] far, long slowStartNanos, long nowNanos) {
        EndpointLoad near = choose(balancing, close, slowStartNanos, nowNanos);
        if (balancing instanceof Balancing.RoundRobin || near.pending() < SPILL_OVER) {
            return near;
        }
        EndpointLoad there = choose(balancing, far, slowStartNanos, nowNanos);
        boolean spills = near.pending() + 1 > SPILL_OVER * (there.pending() + 1);
        comparedWith = spills ? near : there;
        return spills ? there : near;
    }

    private EndpointLoad inTurn(EndpointLoad[] from, long slowStartNanos, long nowNanos) {
        EndpointLoad next = from[next(from.length)];
        for (int i = 0; i < DRAWS_MAX && passedOver(next, slowStartNanos, nowNanos); i++) {
            next = from[next(from.length)];
        }
        return next;
    }

    private int next(int length) {
        turn = turn == Integer.MAX_VALUE ? 0 : turn + 1;
        return turn % length;
    }

    private boolean passedOver(EndpointLoad load, long slowStartNanos, long nowNanos) {
        double readiness = load.readiness(slowStartNanos, nowNanos);
        return readiness < 1 && random.nextDouble() >= readiness;
    }

    private static double load(Balancing balancing, EndpointLoad load, long nowNanos) {
        return balancing instanceof Balancing.PeakEwma ? load.load(nowNanos) : load.pending();
    }
}
