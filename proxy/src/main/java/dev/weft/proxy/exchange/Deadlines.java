package dev.weft.proxy.exchange;

import dev.weft.model.outcome.Hop;
import dev.weft.model.policy.Timeouts;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * When the parts of one request are over. All limits share the one deadline that the client's side keeps; a limit that the
 * rule does not set costs nothing. Part of one {@link Exchange}.
 */
final class Deadlines {

    /** What can run out; among several that have, the first named counts. */
    enum Limit {
        /** The rule's whole. */
        REQUEST(0),
        /** What whoever called says that he waits. */
        CALLER(1),
        /** One try, to its answer's head. */
        PER_TRY(2),
        /** From the request's end to the answer's head. */
        HEADER(3),
        /** From the request's end to the answer's. */
        RESPONSE(4),
        /** Without a byte. */
        IDLE(5),
        /** Without enough of the request's body. */
        BODY(6),
        /** No failure: the pause before the next try. */
        BACK_OFF(7);

        private final int place;

        Limit(int place) {
            this.place = place;
        }
    }

    /** Whoever set a deadline knows best why it passed, so he is let say it first. */
    private static final long CALLER_GRACE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    /** A body is not judged by its rate before. */
    private static final int RATE_SECONDS_MIN = 10;

    private static final Limit[] LIMITS = Limit.values();

    private final Exchange exchange;
    private final long[] at = new long[LIMITS.length];
    private Timeouts timeouts = Timeouts.DEFAULT;
    private boolean parts;
    private boolean waitsForAnswer;
    private long lastByte;
    private long callerUntil;
    private long bodyGapNanos;
    private long bodyFrom;
    private long bodyLast;

    Deadlines(Exchange exchange) {
        this.exchange = exchange;
    }

    void begin() {
        Arrays.fill(at, 0);
        timeouts = Timeouts.DEFAULT;
        parts = false;
        waitsForAnswer = false;
        callerUntil = 0;
        bodyGapNanos = 0;
    }

    /** What the rule says; {@code startNanos} is when the whole began. */
    void of(Timeouts rule, long startNanos) {
        timeouts = rule;
        parts = !(rule.perTry().isZero()
                && rule.header().isZero()
                && rule.response().isZero()
                && rule.idle().isZero());
        set(
                Limit.REQUEST,
                rule.request().isZero() ? 0 : startNanos + rule.request().toNanos());
    }

    /** Until when whoever called waits; 0 when he does not say. */
    void caller(long untilNanos) {
        callerUntil = untilNanos;
        set(Limit.CALLER, untilNanos == 0 ? 0 : untilNanos + CALLER_GRACE_NANOS);
    }

    /** Whether whoever called has stopped waiting by his own deadline. */
    boolean callerLate(long now) {
        return callerUntil != 0 && callerUntil - now <= 0;
    }

    /**
     * From outside, the body has to come in time, unless it is a stream of messages that comes when it likes: one on HTTP/2
     * without a length.
     */
    void body(long startNanos) {
        boolean stream =
                exchange.client().multiplexed() && exchange.head().fields().contentLength() < 0;
        if (exchange.body().complete() || stream || exchange.entrance().hop() != Hop.EDGE) {
            return;
        }
        bodyGapNanos = exchange.snapshot()
                .snapshot()
                .edgeRules()
                .clients()
                .patience()
                .bodyGap()
                .toNanos();
        bodyFrom = startNanos;
        bodyLast = startNanos;
        set(Limit.BODY, startNanos + bodyGapNanos);
    }

    /** More of the body came, or all of it. */
    void bodyCame(boolean whole) {
        if (bodyGapNanos == 0) {
            return;
        }
        if (whole) {
            bodyGapNanos = 0;
            set(Limit.BODY, 0);
        } else {
            bodyLast = System.nanoTime();
        }
    }

    /** Whether it is the client that holds the request up, by silence or by very little at a time. */
    private boolean bodyIsLate(long now) {
        if (bodyGapNanos == 0
                || exchange.body().holdsBack()
                || exchange.answering().started()) {
            return false;
        }
        long seconds = TimeUnit.NANOSECONDS.toSeconds(now - bodyFrom);
        long rate =
                exchange.snapshot().snapshot().edgeRules().clients().patience().bodyRateMin();
        return now - bodyLast >= bodyGapNanos
                || (seconds >= RATE_SECONDS_MIN && exchange.body().bytes() < seconds * rate);
    }

    Timeouts timeouts() {
        return timeouts;
    }

    /** Until when there is any sense in it, all tries together; 0 for ever. */
    long until() {
        long request = at[Limit.REQUEST.place];
        return request == 0 || (callerUntil != 0 && callerUntil - request < 0) ? callerUntil : request;
    }

    void tryBegins(long now) {
        set(Limit.BACK_OFF, 0);
        if (parts) {
            set(
                    Limit.PER_TRY,
                    timeouts.perTry().isZero() ? 0 : now + timeouts.perTry().toNanos());
        }
        arm();
    }

    /** The request, as much of it as is here, went to the endpoint; {@code whole} when that is all of it. */
    void sent(boolean whole) {
        if (!parts) {
            return;
        }
        lastByte = System.nanoTime();
        if (!timeouts.idle().isZero() && at[Limit.IDLE.place] == 0) {
            set(Limit.IDLE, lastByte + timeouts.idle().toNanos());
        }
        if (whole && !waitsForAnswer) {
            waitsForAnswer = true;
            set(
                    Limit.HEADER,
                    timeouts.header().isZero()
                            ? 0
                            : lastByte + timeouts.header().toNanos());
            set(
                    Limit.RESPONSE,
                    timeouts.response().isZero()
                            ? 0
                            : lastByte + timeouts.response().toNanos());
        }
        arm();
    }

    /** Bytes of the answer came. */
    void heard() {
        if (parts) {
            lastByte = System.nanoTime();
        }
    }

    /** The answer's head came, and is passed on. */
    void answered() {
        if (parts) {
            set(Limit.PER_TRY, 0);
            set(Limit.HEADER, 0);
        }
    }

    /** The try is over, without an answer that is passed on. */
    void tryEnded() {
        if (parts) {
            waitsForAnswer = false;
            set(Limit.PER_TRY, 0);
            set(Limit.HEADER, 0);
            set(Limit.RESPONSE, 0);
            set(Limit.IDLE, 0);
        }
    }

    void backOff(long untilNanos) {
        set(Limit.BACK_OFF, untilNanos);
        arm();
    }

    /** What has run out; null when it was only time to look, which sets the next time. */
    @Nullable
    Limit expired(long now) {
        long idleUntil = lastByte + timeouts.idle().toNanos();
        if (at[Limit.IDLE.place] != 0 && idleUntil - now > 0) {
            set(Limit.IDLE, idleUntil);
        }
        long bodyUntil = at[Limit.BODY.place];
        if (bodyUntil != 0 && bodyUntil - now <= 0 && !bodyIsLate(now)) {
            set(Limit.BODY, bodyGapNanos == 0 ? 0 : nextLook(now));
        }
        for (Limit limit : LIMITS) {
            long deadline = at[limit.place];
            if (deadline != 0 && deadline - now <= 0) {
                set(limit, 0);
                return limit;
            }
        }
        arm();
        return null;
    }

    /** When the body may be late at the earliest. */
    private long nextLook(long now) {
        boolean waits = exchange.body().holdsBack() || exchange.answering().started();
        return (waits || bodyLast + bodyGapNanos - now <= 0 ? now : bodyLast) + bodyGapNanos;
    }

    /** Has the client's side call when the next one runs out. */
    void arm() {
        long nearest = 0;
        for (long deadline : at) {
            if (deadline != 0 && (nearest == 0 || deadline - nearest < 0)) {
                nearest = deadline;
            }
        }
        exchange.client().deadline(nearest);
    }

    private void set(Limit limit, long deadline) {
        at[limit.place] = deadline;
    }
}
