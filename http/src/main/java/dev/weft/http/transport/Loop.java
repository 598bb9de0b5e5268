package dev.weft.http.transport;

import io.netty.channel.IoEventLoop;
import io.netty.channel.SingleThreadEventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One event loop: one thread, and the connections that belong to it. What is written during a turn of the loop is flushed
 * once, at its end. All methods but {@link #execute} are for the loop's own thread.
 */
public final class Loop {

    private static final Logger LOG = LoggerFactory.getLogger(Loop.class);
    private static final int SCRATCH_BYTES = 128 * 1024;
    private static final long TICK_NANOS_MIN = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long NEVER = Long.MAX_VALUE;

    private final int number;
    private final IoEventLoop netty;
    private final Transport transport;
    private final ReadBuffers readBuffers;
    private final byte[] scratch = new byte[SCRATCH_BYTES];
    private final List<Connection> connections = new ArrayList<>();
    private final Runnable flush = this::flushAll;
    private final Runnable tick = this::tick;

    private List<Connection> written = new ArrayList<>();
    private List<Connection> flushing = new ArrayList<>();
    private long nextTick = NEVER;
    private io.netty.util.concurrent.@Nullable Future<?> scheduled;

    Loop(int number, IoEventLoop netty, Transport transport, ReadBuffers readBuffers) {
        this.readBuffers = readBuffers;
        this.number = number;
        this.netty = netty;
        this.transport = transport;
    }

    /** From 0. */
    public int number() {
        return number;
    }

    /** Runs a task on this loop soon; from any thread. False when the loop has ended. */
    public boolean execute(Runnable task) {
        try {
            netty.execute(() -> guarded(task));
            return true;
        } catch (RejectedExecutionException _) {
            return false;
        }
    }

    /** Runs a task on this loop after so long. */
    public void later(Duration delay, Runnable task) {
        var _ = netty.schedule(() -> guarded(task), delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            bug("a task", e);
        }
    }

    /** Code failed in a way that nobody expected: says so and counts it. {@code where} names what is lost by it. */
    public void bug(String where, Throwable cause) {
        transport.countBug();
        LOG.error("a bug broke {}", where, cause);
    }

    /** Working space that nobody may count on after the current call. */
    public byte[] scratch() {
        return scratch;
    }

    /** How many connections this loop has. */
    int connectionCount() {
        return connections.size();
    }

    long queuedBytes() {
        return connections.stream().mapToLong(Connection::queuedBytes).sum();
    }

    /**
     * Opens a connection; the handler hears {@code opened} or {@code closed}.
     *
     * @param deadlineNanos until when it must be open, on {@link System#nanoTime()}
     */
    public Connection connect(Destination destination, ConnectionHandler handler, long deadlineNanos) {
        return Connecting.start(this, destination, handler, deadlineNanos);
    }

    IoEventLoop netty() {
        return netty;
    }

    Transport transport() {
        return transport;
    }

    ReadBuffers readBuffers() {
        return readBuffers;
    }

    void add(Connection connection) {
        connection.index(connections.size());
        connections.add(connection);
    }

    void remove(Connection connection) {
        int index = connection.index();
        Connection last = connections.removeLast();
        if (last != connection) {
            connections.set(index, last);
            last.index(index);
        }
    }

    void closeAll() {
        List.copyOf(connections).forEach(Connection::close);
    }

    /** Has the connection flushed at the end of this turn. */
    void flushLater(Connection connection) {
        if (written.isEmpty()) {
            ((SingleThreadEventLoop) netty).executeAfterEventLoopIteration(flush);
        }
        written.add(connection);
    }

    private void flushAll() {
        List<Connection> turn = written;
        written = flushing;
        flushing = turn;
        for (int i = 0; i < turn.size(); i++) {
            turn.get(i).flushNow();
        }
        turn.clear();
    }

    /** Makes sure that the loop looks at the deadlines when this one passes. */
    void watch(long deadlineNanos) {
        if (nextTick != NEVER && nextTick - deadlineNanos <= TICK_NANOS_MIN) {
            return;
        }
        if (scheduled != null) {
            scheduled.cancel(false);
        }
        nextTick = deadlineNanos;
        long wait = Math.max(TICK_NANOS_MIN, deadlineNanos - System.nanoTime());
        scheduled = netty.schedule(tick, wait, TimeUnit.NANOSECONDS);
    }

    private void expire(Connection connection) {
        try {
            connection.expire();
        } catch (RuntimeException e) {
            bug("connection " + connection.remoteAddress(), e);
            connection.fail(new Closure(Closure.Kind.BUG, "a bug: " + e));
        }
    }

    private void tick() {
        nextTick = NEVER;
        scheduled = null;
        long now = System.nanoTime();
        boolean any = false;
        long nearest = 0;
        int i = connections.size() - 1;
        while (i >= 0) {
            Connection connection = connections.get(i);
            long deadline = connection.deadline();
            if (deadline != 0 && deadline - now <= 0) {
                expire(connection);
            } else if (deadline != 0 && (!any || deadline - nearest < 0)) {
                any = true;
                nearest = deadline;
            }
            i = Math.min(i, connections.size()) - 1; // it may have closed others, whose places the last ones took
        }
        if (any) {
            watch(nearest);
        }
    }
}
