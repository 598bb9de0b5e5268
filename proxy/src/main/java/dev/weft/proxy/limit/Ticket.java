package dev.weft.proxy.limit;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * A place in a {@link Line}. Ends exactly one way: granted or cancelled, decided by one word.
 *
 * @param <T> what is waited for
 */
public final class Ticket<T> {

    private enum State {
        WAITING,
        GRANTED,
        CANCELLED
    }

    private final Line<T> line;
    private final Consumer<T> granted;
    private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);

    Ticket(Line<T> line, Consumer<T> granted) {
        this.line = line;
        this.granted = granted;
    }

    /** Leaves the line; false when it was granted already, and what was granted has to be given back. */
    public boolean cancel() {
        if (!state.compareAndSet(State.WAITING, State.CANCELLED)) {
            return false;
        }
        line.left(this);
        return true;
    }

    /** False when it was cancelled before. */
    boolean grant(T right) {
        if (!state.compareAndSet(State.WAITING, State.GRANTED)) {
            return false;
        }
        granted.accept(right);
        return true;
    }
}
