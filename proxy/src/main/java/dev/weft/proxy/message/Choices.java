package dev.weft.proxy.message;

import dev.weft.model.outcome.Decision;
import dev.weft.proxy.balance.EndpointLoad;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which two endpoints were compared for each try of one request, and what was known of both at that moment. Costs six writes
 * a try; put into words only when somebody asks. One for each request under way, used again.
 */
public final class Choices {

    private static final int TRIES_MAX = 4;

    private final @Nullable EndpointLoad[] chosen = new EndpointLoad[TRIES_MAX];
    private final @Nullable EndpointLoad[] other = new EndpointLoad[TRIES_MAX];
    private final double[] chosenNanos = new double[TRIES_MAX];
    private final double[] otherNanos = new double[TRIES_MAX];
    private final int[] chosenPending = new int[TRIES_MAX];
    private final int[] otherPending = new int[TRIES_MAX];
    private int count;

    public void begin() {
        count = 0;
    }

    /** Remembers the next choice; the fifth and later ones of a request are not told. */
    public void note(EndpointLoad taken, Optional<EndpointLoad> comparedWith) {
        if (count == TRIES_MAX) {
            return;
        }
        EndpointLoad lost = comparedWith.isPresent() ? comparedWith.get() : null;
        chosen[count] = taken;
        chosenNanos[count] = taken.latencyNanos();
        chosenPending[count] = taken.pending();
        other[count] = lost;
        if (lost != null) {
            otherNanos[count] = lost.latencyNanos();
            otherPending[count] = lost.pending();
        }
        count++;
    }

    public void tell(List<Decision> all) {
        for (int i = 0; i < count; i++) {
            EndpointLoad taken = chosen[i];
            EndpointLoad lost = other[i];
            if (taken != null && lost != null) {
                all.add(new Decision(
                        "balance",
                        load(taken, chosenNanos[i], chosenPending[i]) + " rather than "
                                + load(lost, otherNanos[i], otherPending[i])));
            }
        }
    }

    private static String load(EndpointLoad load, double nanos, int pending) {
        String latency = nanos < 0 ? "not measured yet" : String.format(Locale.ROOT, "latency %.2f ms", nanos / 1e6);
        return load.endpoint() + " (" + latency + ", " + pending + " under way)";
    }
}
