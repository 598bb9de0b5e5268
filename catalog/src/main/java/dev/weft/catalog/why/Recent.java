package dev.weft.catalog.why;

import dev.weft.model.outcome.Attempt;
import dev.weft.model.outcome.ConnectionOutcome;
import dev.weft.model.outcome.Decision;
import dev.weft.model.outcome.Ended;
import dev.weft.model.outcome.Hop;
import dev.weft.model.outcome.Outcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/**
 * The requests and opaque connections of the last minutes: the newest that failed or were refused; of those before, the first
 * {@value #FIRSTS} of each kind in each second; and a sample of the rest. The sample is chosen by id, so that a request is kept
 * with all its hops or not at all.
 *
 * <p>Bounded by number (three rings) and by size: what is larger than {@value #BYTES_MAX} bytes is kept with its
 * texts cut, so that the rings together never hold more than their slots times that. The first of a kind are mostly in two
 * rings, and once in memory.
 */
public final class Recent {

    private static final int BYTES_MAX = 4_096;
    private static final int TEXT_MAX = 256;
    private static final int LIST_MAX = 8;
    private static final int SAMPLED_PER_TICK = 64;
    private static final int FIRSTS = 8;

    private final Ring refused;
    private final Ring first;
    private final Firsts firsts = new Firsts(FIRSTS);
    private final Ring sample;
    private final LongAdder sinceTick = new LongAdder();

    /** A request is sampled when these bits of its id's hash are all 0. */
    private volatile int sampleMask;

    /**
     * Empty rings.
     *
     * @param slots how many each of the three holds
     */
    public Recent(int slots) {
        refused = new Ring(slots);
        first = new Ring(slots);
        sample = new Ring(slots);
    }

    public void keep(Ended ended) {
        if (ended.failed()) {
            Ended kept = cut(ended);
            refused.add(kept);
            if (firsts.isOne(kept)) {
                first.add(kept);
            }
            return;
        }
        sinceTick.increment();
        int mask = sampleMask;
        if (mask == 0 || (spread(ended.id().hashCode()) & mask) == 0) {
            sample.add(cut(ended));
        }
    }

    /** Adapts the sample to how many requests there were since the last call, and begins a second; called about once in one. */
    public void tick() {
        firsts.tick();
        long count = sinceTick.sumThenReset();
        long oneOf = Math.max(1, count / SAMPLED_PER_TICK);
        sampleMask = (int) Math.min(Integer.MAX_VALUE, Long.highestOneBit(oneOf) - 1);
    }

    /** All hops that were kept of one request or connection, in the order in which it took them. */
    public List<Ended> find(String id) {
        return Stream.of(refused, first, sample)
                .flatMap(ring -> ring.withId(id).stream())
                .distinct()
                .sorted(Comparator.comparing((Ended ended) -> ended.hop() != Hop.EDGE)
                        .thenComparing(Ended::startedAt)
                        .thenComparing(Ended::hop))
                .toList();
    }

    /** Since when everything that failed or was refused is kept; empty when nothing has been forgotten yet. */
    public Optional<Instant> refusedSince() {
        return refused.oldestOfFull().map(Ended::startedAt);
    }

    /** Since when at least the first of each kind in each second are kept; empty when nothing has been forgotten yet. */
    public Optional<Instant> firstsSince() {
        return first.oldestOfFull().map(Ended::startedAt);
    }

    /** How many failures were not among the first of their kind in their second. */
    public long beyondFirsts() {
        return firsts.beyond();
    }

    /** The newest that failed or were refused, newest first. */
    public List<Ended> newestRefused(int countMax) {
        return refused.newest(countMax);
    }

    /** Neighbouring hash codes (of ids that count up) must not all fall into the same sample. */
    private static int spread(int hash) {
        int mixed = hash * 0x9E3779B9;
        return mixed ^ (mixed >>> 16);
    }

    private static Ended cut(Ended ended) {
        if (bytes(ended) <= BYTES_MAX) {
            return ended;
        }
        return switch (ended) {
            case Outcome outcome -> shortened(outcome);
            case ConnectionOutcome connection -> shortened(connection);
        };
    }

    /** About what it takes in memory, without what it shares with the snapshot. */
    private static int bytes(Ended ended) {
        return switch (ended) {
            case Outcome outcome ->
                bytes(outcome.attempts(), outcome.decisions())
                        + outcome.path().length()
                        + outcome.authority().length()
                        + outcome.requestId().length()
                        + outcome.method().length();
            case ConnectionOutcome connection ->
                bytes(connection.attempts(), connection.decisions())
                        + connection.detail().length()
                        + connection.serverName().length();
        };
    }

    private static int bytes(List<Attempt> attempts, List<Decision> decisions) {
        int bytes = 400 + 100 * attempts.size();
        for (Decision decision : decisions) {
            bytes += 64 + decision.text().length();
        }
        return bytes;
    }

    private static ConnectionOutcome shortened(ConnectionOutcome outcome) {
        return new ConnectionOutcome(
                outcome.id(),
                outcome.ends(),
                outcome.established(),
                outcome.verdict(),
                text(outcome.serverName()),
                first(outcome.attempts()),
                outcome.clientBytes(),
                outcome.serverBytes(),
                outcome.endedBy(),
                outcome.error(),
                text(outcome.detail()),
                outcome.startedAt(),
                outcome.waitedNanos(),
                outcome.connectNanos(),
                outcome.totalNanos(),
                shortened(outcome.decisions()),
                outcome.trace(),
                outcome.snapshotVersion());
    }

    private static List<Decision> shortened(List<Decision> decisions) {
        List<Decision> kept = new ArrayList<>(first(decisions));
        if (decisions.size() > LIST_MAX) {
            kept.set(LIST_MAX - 1, decisions.getLast()); // what it came to
        }
        kept.replaceAll(decision -> new Decision(decision.station(), text(decision.text())));
        return kept;
    }

    private static <T> List<T> first(List<T> all) {
        return all.stream().limit(LIST_MAX).toList();
    }

    private static Outcome shortened(Outcome outcome) {
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
                first(outcome.attempts()),
                shortened(outcome.decisions()),
                outcome.snapshotVersion(),
                outcome.details());
    }

    private static String text(String text) {
        return text.length() <= TEXT_MAX ? text : text.substring(0, TEXT_MAX - 1) + "…";
    }
}
