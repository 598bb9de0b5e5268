package dev.weft.runtime.namespace;

import dev.weft.runtime.linux.KernelRefusal;
import dev.weft.runtime.linux.Namespaces;
import dev.weft.runtime.linux.Namespaces.Kind;
import dev.weft.runtime.linux.Sockets;
import dev.weft.runtime.linux.Steering;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that leaves the host's network. It lives as long as the platform, and between its tasks it is in an empty
 * network of its own: an ordinary account may not go back to the host's. Threads inherit namespaces from whoever starts them,
 * so nothing that could start a thread may run here: the foreign calls, constructors of sockets, and no more.
 */
public final class Maker implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Maker.class);
    private static final Kind[] ALL = {Kind.NETWORK, Kind.MOUNTS, Kind.NAMES, Kind.QUEUES};

    private final LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
    private final Map<Kind, Integer> home = new EnumMap<>(Kind.class);
    private final Thread thread;
    private final Optional<Steering.Way> forced;
    private volatile Steering.Way way = Steering.Way.KEPT; // until it has been tried out
    private volatile boolean closed;
    private boolean ended; // guarded by tasks, so that nothing is added that nobody would take

    private Maker(Optional<Steering.Way> forced) {
        this.forced = forced;
        thread = Thread.ofPlatform().name("weft-maker").daemon(true).unstarted(this::work);
    }

    /**
     * Starts the thread, and finds out how connections can be steered here by doing it.
     *
     * @throws IOException when namespaces are not allowed here; the message says why
     */
    public static Maker start() throws IOException {
        boolean changed = "redirect".equals(System.getenv("WEFT_STEERING"));
        return start(changed ? Optional.of(Steering.Way.CHANGED) : Optional.empty());
    }

    /** The same with connections steered so, whatever is best here. */
    public static Maker start(Steering.Way way) throws IOException {
        return start(Optional.of(way));
    }

    private static Maker start(Optional<Steering.Way> forced) throws IOException {
        Maker maker = new Maker(forced);
        maker.thread.start();
        try {
            maker.call(maker::leaveHost);
            return maker;
        } catch (IOException e) {
            maker.close();
            throw e;
        }
    }

    private Void leaveHost() throws IOException {
        for (Kind kind : new Kind[] {Kind.MOUNTS, Kind.NAMES, Kind.QUEUES}) {
            home.put(kind, Namespaces.own(kind));
        }
        Namespaces.leave(ALL); // with mounts: from here on the thread has a working directory of its own
        home.put(Kind.NETWORK, Namespaces.own(Kind.NETWORK));
        way = forced.orElseGet(Maker::best);
        goHome();
        return null;
    }

    private static Steering.Way best() {
        PodAddresses nobodys = PodAddresses.of(0);
        try {
            Sockets.close(Sockets.listen(PodNamespace.STEERED_PORT, Steering.Way.KEPT));
            Steering.setUp(
                    Steering.Way.KEPT,
                    nobodys.address4(),
                    nobodys.address6(),
                    PodNamespace.STEERED_PORT,
                    PodNamespace.NAMES_PORT);
            return Steering.Way.KEPT;
        } catch (KernelRefusal e) {
            LOG.info("connections of pods are steered by REDIRECT, as TPROXY is refused: {}", e.getMessage());
            return Steering.Way.CHANGED;
        }
    }

    /** How connections are steered in the networks that it makes. */
    public Steering.Way way() {
        return way;
    }

    /** Runs a task soon; false when the platform is stopping. */
    boolean execute(Runnable task) {
        synchronized (tasks) {
            if (closed || ended) {
                return false;
            }
            tasks.add(task);
            return true;
        }
    }

    /** Runs a task and waits for it. */
    <T> T call(Callable<T> task) throws IOException {
        CompletableFuture<T> done = new CompletableFuture<>();
        boolean accepted = execute(() -> {
            try {
                done.complete(task.call());
            } catch (Throwable e) { // an Error too: somebody waits
                done.completeExceptionally(e);
            }
        });
        if (!accepted) {
            throw new IOException("the platform is stopping");
        }
        try {
            return done.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof IOException refused) {
                throw refused;
            }
            throw e;
        }
    }

    /** On the maker: back to where it is between tasks. */
    void goHome() throws IOException {
        for (Kind kind : home.keySet()) {
            goHome(kind);
        }
    }

    void goHome(Kind kind) throws IOException {
        Namespaces.enter(kind, home.getOrDefault(kind, -1));
    }

    /** Ends the thread; what it made lives on while somebody uses it. */
    @Override
    public void close() {
        synchronized (tasks) {
            if (closed) {
                return;
            }
            closed = true;
            tasks.add(() -> home.values().forEach(Sockets::close));
        }
    }

    private void work() {
        while (true) {
            try {
                tasks.take().run();
            } catch (InterruptedException e) {
                LOG.debug("nobody interrupts the maker", e);
            } catch (Throwable e) { // without this thread no pod starts any more
                LOG.error("a task of the maker failed", e);
            }
            synchronized (tasks) {
                if (closed && tasks.isEmpty()) {
                    ended = true;
                    return;
                }
            }
        }
    }
}
