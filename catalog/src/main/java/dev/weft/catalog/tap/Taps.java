package dev.weft.catalog.tap;

import dev.weft.model.outcome.Ended;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * All open taps. With none open, what ends costs one volatile read.
 *
 * <p>Opening and closing hold the monitor; offering does not.
 */
public final class Taps {

    /** How many may be open at once: each of them costs every request a little. */
    static final int OPEN_MAX = 16;

    private volatile List<Tap> open = List.of();
    private volatile Consumer<Boolean> listener = any -> {};

    public void offer(Ended ended) {
        List<Tap> taps = open;
        for (int i = 0; i < taps.size(); i++) {
            taps.get(i).offer(ended);
        }
    }

    /**
     * Starts a tap; closing it stops it.
     *
     * @throws IllegalStateException with a message for people, when too many are open
     */
    public synchronized Tap open(TapFilter filter) {
        if (open.size() >= OPEN_MAX) {
            throw new IllegalStateException(OPEN_MAX + " taps are open already; end one of them first");
        }
        Tap tap = new Tap(this, filter);
        List<Tap> more = new ArrayList<>(open);
        more.add(tap);
        open = List.copyOf(more);
        listener.accept(true);
        return tap;
    }

    /** Calls {@code newListener} with whether any tap is open, when one is opened or closed. */
    public void onChange(Consumer<Boolean> newListener) {
        listener = newListener;
    }

    /** How many are open. */
    public int count() {
        return open.size();
    }

    synchronized void remove(Tap tap) {
        open = open.stream().filter(each -> each != tap).toList();
        listener.accept(!open.isEmpty());
    }
}
