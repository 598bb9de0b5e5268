package dev.weft.runtime.wire;

import java.util.BitSet;

/**
 * Numbers of pods, each for one at a time, and as late as possible for the next.
 *
 * <p>Owner of the numbers: this object's monitor.
 */
final class PodNumbers {

    private final int count;
    private final BitSet taken = new BitSet();
    private int next;

    /** @param count they are less than this */
    PodNumbers(int count) {
        this.count = count;
    }

    synchronized int take() {
        int found = taken.nextClearBit(next);
        if (found >= count) {
            found = taken.nextClearBit(0);
        }
        if (found >= count) {
            throw new IllegalStateException("all " + count + " addresses of pods are in use");
        }
        taken.set(found);
        next = found + 1;
        return found;
    }

    synchronized void giveBack(int number) {
        taken.clear(number);
    }
}
