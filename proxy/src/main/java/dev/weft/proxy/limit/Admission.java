package dev.weft.proxy.limit;

import dev.weft.model.outcome.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one request or stream holds of the limits that it is under: its rule's, then its service's. Taken before its first try,
 * given back when it is over. Belongs to its owner's loop, and may be used again after its end.
 */
public final class Admission {

    private final Owner owner;
    private final boolean lasting;
    private final List<RequestLimits> scopes = new ArrayList<>(2);
    private final List<Permit> permits = new ArrayList<>(2);
    private @Nullable Ticket<Permit> ticket;
    private boolean asked;
    private int uses;
    private long waitStart;
    private long waitedNanos;

    /** Who wants to pass. */
    public interface Owner {

        /** Does it on the owner's loop; false when that is no more. */
        boolean execute(Runnable task);

        /** It waited, and may ask again whether it passes. */
        void admitted();

        /** It is over, the sentence says which limit it was. */
        void refused(ErrorCode error, String sentence);
    }

    /** @param lasting for a stream: how long it takes says nothing of the endpoint */
    public Admission(Owner owner, boolean lasting) {
        this.owner = owner;
        this.lasting = lasting;
    }

    /** Nothing was asked yet. */
    public void begin() {
        asked = false;
        waitStart = 0;
        waitedNanos = 0;
    }

    /**
     * Whether it may be tried; if not, it waits and the owner hears later, or has heard that it is over.
     *
     * @param ofRule null where there are none; so for the other
     */
    public boolean passes(@Nullable RequestLimits ofRule, @Nullable RequestLimits ofService) {
        if (!asked) {
            asked = true;
            add(ofRule);
            add(ofService);
        }
        while (permits.size() < scopes.size()) {
            if (!enter(scopes.get(permits.size()))) {
                return false;
            }
        }
        return true;
    }

    private void add(@Nullable RequestLimits limits) {
        if (limits != null) {
            scopes.add(limits);
        }
    }

    private boolean enter(RequestLimits limits) {
        int use = uses;
        RequestLimits.Entry entry = limits.enter(lasting, permit -> {
            if (!owner.execute(() -> granted(use, permit))) {
                permit.release();
            }
        });
        return switch (entry) {
            case RequestLimits.Entry.Granted(Permit permit) -> hold(permit);
            case RequestLimits.Entry.Waiting(Ticket<Permit> place) -> {
                ticket = place;
                waitStart = System.nanoTime();
                yield false;
            }
            case RequestLimits.Entry.Refused(var error, String sentence) -> {
                owner.refused(error, sentence);
                yield false;
            }
        };
    }

    private boolean hold(Permit permit) {
        if (lasting) {
            permit.lasts();
        }
        return permits.add(permit);
    }

    private void granted(int use, Permit permit) {
        if (use != uses) {
            permit.release();
            return;
        }
        ticket = null;
        stopWaiting();
        hold(permit);
        owner.admitted();
    }

    private void stopWaiting() {
        if (waitStart != 0) {
            waitedNanos += System.nanoTime() - waitStart;
            waitStart = 0;
        }
    }

    /** Whether it waits for others to end. */
    public boolean waits() {
        return ticket != null;
    }

    public long waitedNanos() {
        return waitedNanos;
    }

    /** Whether the limits allow another try. */
    public boolean mayRetry() {
        boolean may = true;
        for (Permit permit : permits) {
            may &= permit.mayRetry();
        }
        return may;
    }

    /**
     * A try was answered or failed after this long.
     *
     * @param loop that it was made on
     */
    public void took(int loop, long tookNanos, long now) {
        for (int i = 0; i < permits.size(); i++) {
            permits.get(i).took(loop, tookNanos, now);
        }
    }

    /** What it holds, which whoever takes it gives back: its connection outlives it. */
    public List<Permit> handOver() {
        List<Permit> held = List.copyOf(permits);
        held.forEach(Permit::lasts);
        permits.clear();
        return held;
    }

    /** It is over, whichever way. */
    public void end() {
        uses++;
        stopWaiting();
        Ticket<Permit> place = ticket;
        ticket = null;
        if (place != null && place.cancel()) {
            scopes.get(permits.size()).gaveUp(); // when it was granted meanwhile, granted() gives the permit back
        }
        permits.forEach(Permit::release);
        permits.clear();
        scopes.clear();
    }
}
