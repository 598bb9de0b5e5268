package dev.weft.proxy.balance;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** A place in the line of one {@link Gate}. Ends exactly one way: granted or cancelled, decided by one word. */
public final class Ticket {

    private enum State {
        WAITING,
        GRANTED,
        CANCELLED
    }

    private final Gate gate;
    private final Consumer<Slot> granted;
    private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);

    Ticket(Gate gate, Consumer<Slot> granted) {
        this.gate = gate;
        this.granted = granted;
    }

    /** Leaves the line; false when a slot was granted already, which then has to be released. */
    public boolean cancel() {
        if (!state.compareAndSet(State.WAITING, State.CANCELLED)) {
            return false;
        }
        gate.left(this);
        return true;
    }

    /** False when it was cancelled before. */
    boolean grant(Slot slot) {
        if (!state.compareAndSet(State.WAITING, State.GRANTED)) {
            return false;
        }
        granted.accept(slot);
        return true;
    }
}
