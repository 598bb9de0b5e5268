package dev.weft.runtime.spare;

import dev.weft.runtime.host.ParkedHost;
import dev.weft.runtime.image.FunctionCommand;
import dev.weft.runtime.wire.Launch;
import dev.weft.runtime.wire.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pool of parked JVMs. As many as there are functions, or as were wanted within a minute, are kept, up to a number and a
 * share of the machine's memory. One thread parks them, one after the other, and waits while functions are being started.
 *
 * <p>Owner of the pool and of what is counted: this object's monitor, which nobody holds while a process is started or ended.
 */
public final class Spares implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Spares.class);
    private static final long LOOK_NANOS = Duration.ofSeconds(30).toNanos();
    private static final long MEMORY_OF_DEMAND_NANOS = Duration.ofMinutes(1).toNanos();

    /** After a function's start nothing is parked for so long, so that it has the processors to itself... */
    private static final long REST_NANOS = Duration.ofSeconds(1).toNanos();

    /** ... unless starts have followed each other for so long. */
    private static final long REST_NANOS_MAX = Duration.ofSeconds(10).toNanos();

    private static final long RETRY_NANOS = Duration.ofSeconds(10).toNanos();
    private static final long RETRY_NANOS_MAX = Duration.ofMinutes(10).toNanos();

    /** Until one has been looked at. */
    private static final long BYTES_EACH = 48L << 20;

    private final Wire wire;
    private final FunctionCommand functions;
    private final SpareOptions options;
    private final Map<String, String> environment;
    private final IntSupplier declared;
    private final Memory memory;
    private final Semaphore changed = new Semaphore(0);
    private final Thread thread;
    private final Deque<Spare> parked = new ArrayDeque<>();
    private final Deque<Long> wantedNanos = new ArrayDeque<>();
    private long lastNanos = System.nanoTime(); // of a start: the platform's own is one too
    private long lackingSinceNanos;
    private boolean lacking;
    private long bytesEach = BYTES_EACH;
    private int failures;
    private long failedNanos;
    private volatile boolean closed;

    /** What is to be known of the machine's memory, in bytes; 0 for what it does not tell. */
    interface Memory {
        long total();

        long available();

        /** By a process and all that it has started, for itself. */
        long held(long process);
    }

    /**
     * Begins to park when the first function is declared.
     *
     * @param environment what every program finds in its environment
     * @param declared how many functions there are
     */
    public Spares(
            Wire wire,
            FunctionCommand functions,
            SpareOptions options,
            Map<String, String> environment,
            IntSupplier declared) {
        this(wire, functions, options, environment, declared, new MachineMemory());
    }

    Spares(
            Wire wire,
            FunctionCommand functions,
            SpareOptions options,
            Map<String, String> environment,
            IntSupplier declared,
            Memory memory) {
        this.wire = wire;
        this.functions = functions;
        this.options = options;
        this.environment = Map.copyOf(environment);
        this.declared = declared;
        this.memory = memory;
        this.thread = Thread.ofPlatform().name("weft-spares").daemon(true).unstarted(this::work);
        if (used()) {
            thread.start();
        }
    }

    /** One for the caller alone, which may have ended meanwhile; empty when none is parked. */
    public Optional<Spare> take() {
        Optional<Spare> taken = Optional.empty();
        List<Spare> dead = new ArrayList<>();
        synchronized (this) {
            lastNanos = System.nanoTime();
            wantedNanos.addLast(lastNanos);
            if (wantedNanos.size() > options.max()) {
                wantedNanos.removeFirst(); // more are not parked anyway
            }
            while (taken.isEmpty() && !parked.isEmpty()) {
                Spare next = parked.removeFirst();
                taken = Optional.of(next).filter(Spare::alive);
                if (taken.isEmpty()) {
                    dead.add(next);
                }
            }
        }
        dead.forEach(Spare::close);
        changed.release();
        return taken;
    }

    /** Whether this can become what is to be launched. */
    public Fit fit(Spare spare, Launch launch) {
        return Fit.of(launch, functions, spare.environment());
    }

    /** Functions were declared, or are gone. */
    public void functionsChanged() {
        changed.release();
    }

    /** How many are parked. */
    public synchronized int parked() {
        return (int) parked.stream().filter(Spare::alive).count();
    }

    /** Whether there are any at all: on Linux, whose C library they need. */
    public boolean used() {
        return options.max() > 0 && System.getProperty("os.name").equals("Linux");
    }

    /** Ends all that nobody has taken. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        List<Spare> left;
        synchronized (this) {
            left = new ArrayList<>(parked);
            parked.clear();
        }
        left.forEach(Spare::close);
    }

    private void work() {
        try {
            while (!closed) {
                long wait = stepOrWait();
                boolean told = changed.tryAcquire(wait, TimeUnit.NANOSECONDS);
                if (told) {
                    changed.drainPermits();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private long stepOrWait() {
        try {
            return step();
        } catch (RuntimeException e) { // without this thread there are no spares any more
            LOG.warn("the pool of spares was not looked after", e);
            return RETRY_NANOS;
        }
    }

    /** Parks or ends one; returns for how long there is nothing more to do. */
    private long step() {
        List<Spare> over = new ArrayList<>();
        long rest;
        boolean lacks;
        int functionsDeclared = declared.getAsInt();
        long total = memory.total();
        long available = memory.available();
        synchronized (this) {
            parked.removeIf(spare -> !spare.alive() && over.add(spare));
            int room = total == 0 ? options.max() : room(total, available);
            int wanted = Math.min(Math.min(demand(functionsDeclared), options.max()), room);
            lacks = parked.size() < wanted;
            if (parked.size() > wanted) {
                over.add(parked.removeLast());
            }
            rest = lacks ? rest(System.nanoTime()) : LOOK_NANOS;
            lacking = lacks;
        }
        over.forEach(Spare::close);
        return !over.isEmpty() ? 0 : lacks && rest <= 0 ? park() : rest;
    }

    private int demand(int functionsDeclared) {
        long now = System.nanoTime();
        while (!wantedNanos.isEmpty() && now - wantedNanos.getFirst() > MEMORY_OF_DEMAND_NANOS) {
            wantedNanos.removeFirst();
        }
        return functionsDeclared == 0 ? 0 : Math.max(functionsDeclared, wantedNanos.size());
    }

    /** How many the memory allows: a share of all of it, and half of what would be free without those that are there. */
    private int room(long total, long available) {
        long ofAll = total / options.memoryShare() / bytesEach;
        long ofFree = (available + parked.size() * bytesEach) / 2 / bytesEach;
        return (int) Math.min(Math.min(ofAll, ofFree), Integer.MAX_VALUE);
    }

    private long rest(long nowNanos) {
        if (!lacking) {
            lackingSinceNanos = nowNanos;
        }
        long rest = nowNanos - lackingSinceNanos > REST_NANOS_MAX ? 0 : REST_NANOS - (nowNanos - lastNanos);
        return failures == 0 ? rest : Math.max(rest, retryNanos() - (nowNanos - failedNanos));
    }

    private long retryNanos() {
        return Math.min(RETRY_NANOS << Math.min(failures - 1, 10), RETRY_NANOS_MAX);
    }

    private long park() {
        try {
            Spare spare = Spare.park(wire.reserve(), functions.spare(), environment, ParkedHost.PARKED);
            long held = memory.held(spare.pid());
            spare.onEnd(changed::release);
            synchronized (this) {
                if (!closed) {
                    parked.addLast(spare);
                    bytesEach = held > 0 ? held : bytesEach;
                    failures = 0;
                    return 0;
                }
            }
            spare.close();
            return LOOK_NANOS;
        } catch (IOException | RuntimeException e) {
            if (!closed) {
                LOG.warn("no JVM was parked for functions: {}; they start in fresh processes", e.getMessage());
            }
            synchronized (this) {
                failures++;
                failedNanos = System.nanoTime();
            }
            return 0;
        }
    }
}
