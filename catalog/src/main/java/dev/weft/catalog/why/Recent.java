package dev.weft.catalog.why;

import dev.weft.model.outcome.Attempt;
import dev.weft.model.outcome.Decision;
import dev.weft.model.outcome.Hop;
import dev.weft.model.outcome.Outcome;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/**
 * The requests of the last minutes: the newest that failed or were refused, and a sample of the rest. The sample is
 * chosen by request id, so that a request is kept with all its hops or not at all.
 *
 * <p>Bounded by number (two rings) and by size: an Outcome that is larger than {@value #BYTES_MAX} bytes is kept with its
 * texts cut, so that both rings together never hold more than their slots times that.
 */
public final class Recent {

    private static final int BYTES_MAX = 4_096;
    private static final int TEXT_MAX = 256;
    private static final int LIST_MAX = 8;
    private static final int SAMPLED_PER_TICK = 64;

    private final Ring refused;
    private final Ring sample;
    private final LongAdder sinceTick = new LongAdder();

    /** A request is sampled when these bits of its id's hash are all 0. */
    private volatile int sampleMask;

    /**
     * Empty rings.
     *
     * @param slots how many Outcomes each of the two holds
     */
    public Recent(int slots) {
        refused = new Ring(slots);
        sample = new Ring(slots);
    }

    public void keep(Outcome outcome) {
        if (outcome.error().isPresent() || outcome.status() == 0 || outcome.status() >= 400) {
            refused.add(cut(outcome));
            return;
        }
        sinceTick.increment();
        int mask = sampleMask;
        if (mask == 0 || (spread(outcome.requestId().hashCode()) & mask) == 0) {
            sample.add(cut(outcome));
        }
    }

    /** Adapts the sample to how many requests there were since the last call; called about once a second. */
    public void tick() {
        long count = sinceTick.sumThenReset();
        long oneOf = Math.max(1, count / SAMPLED_PER_TICK);
        sampleMask = (int) Math.min(Integer.MAX_VALUE, Long.highestOneBit(oneOf) - 1);
    }

    /** All hops that were kept of one request, in the order in which the request took them. */
    public List<Outcome> find(String requestId) {
        return Stream.concat(refused.withRequestId(requestId).stream(), sample.withRequestId(requestId).stream())
                .sorted(Comparator.comparing((Outcome outcome) -> outcome.hop() != Hop.EDGE)
                        .thenComparing(Outcome::startedAt)
                        .thenComparing(Outcome::hop))
                .toList();
    }

    /** The newest that failed or were refused, newest first. */
    public List<Outcome> newestRefused(int countMax) {
        return refused.newest(countMax);
    }

    /** Neighbouring hash codes (of ids that count up) must not all fall into the same sample. */
    private static int spread(int hash) {
        int mixed = hash * 0x9E3779B9;
        return mixed ^ (mixed >>> 16);
    }

    private static Outcome cut(Outcome outcome) {
        return bytes(outcome) <= BYTES_MAX ? outcome : shortened(outcome);
    }

    /** About what an Outcome takes in memory, without what it shares with the snapshot. */
    private static int bytes(Outcome outcome) {
        int bytes = 400
                + outcome.path().length()
                + outcome.authority().length()
                + outcome.requestId().length();
        bytes += outcome.method().length() + 100 * outcome.attempts().size();
        for (Decision decision : outcome.decisions()) {
            bytes += 64 + decision.text().length();
        }
        return bytes;
    }

    private static Outcome shortened(Outcome outcome) {
        List<Decision> decisions = outcome.decisions().stream()
                .limit(LIST_MAX)
                .map(decision -> new Decision(decision.station(), text(decision.text())))
                .toList();
        List<Attempt> attempts = outcome.attempts().stream().limit(LIST_MAX).toList();
        return new Outcome(
                text(outcome.requestId()),
                outcome.hop(),
                outcome.reporter(),
                outcome.client(),
                outcome.server(),
                outcome.listener(),
                outcome.frontend(),
                outcome.rule(),
                outcome.service(),
                text(outcome.method()),
                text(outcome.authority()),
                text(outcome.path()),
                outcome.status(),
                outcome.error(),
                outcome.startedAt(),
                outcome.waitedNanos(),
                outcome.firstByteNanos(),
                outcome.totalNanos(),
                outcome.requestBytes(),
                outcome.responseBytes(),
                attempts,
                decisions,
                outcome.snapshotVersion(),
                outcome.details());
    }

    private static String text(String text) {
        return text.length() <= TEXT_MAX ? text : text.substring(0, TEXT_MAX - 1) + "…";
    }
}
