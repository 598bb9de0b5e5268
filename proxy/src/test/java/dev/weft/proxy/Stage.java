package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.workload.Capacity;
import dev.weft.proxy.network.Networks;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A proxy with two loops, its scene, and everything around it; closes it all. */
final class Stage implements Closeable {

    /** For a machine that has much else to do. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    final Scene scene = new Scene();
    final Recorded outcomes = new Recorded();
    final Authority authority = new Authority();
    final Proxy proxy;
    private final Deque<Closeable> open = new ArrayDeque<>();

    Stage() {
        this((service, _) -> CompletableFuture.failedFuture(new IllegalStateException("no capacity for " + service)));
    }

    Stage(Capacity capacity) {
        this(capacity, Networks.NONE);
    }

    Stage(Networks networks) {
        this((service, _) -> CompletableFuture.failedFuture(new IllegalStateException("asleep: " + service)), networks);
    }

    private Stage(Capacity capacity, Networks networks) {
        proxy = new Proxy(new ProxyOptions(2), scene, capacity, outcomes, authority, networks);
        proxy.start();
    }

    Upstream upstream(Upstream.Script script) throws IOException {
        return closing(new Upstream(script));
    }

    Upstream answering(String answer) throws IOException {
        return closing(Upstream.answering(answer));
    }

    Client client(int port) throws IOException {
        return closing(Client.at(port));
    }

    Client client(String address, int port) throws IOException {
        return closing(new Client(address, port));
    }

    <T extends Closeable> T closing(T closeable) {
        open.push(closeable);
        return closeable;
    }

    /** Shows the scene and waits until the proxy has it. */
    void show() {
        scene.show();
        await(() -> proxy.version() >= scene.current().version() && proxy.isSettled());
    }

    /** Waits until so many requests and streams were sent on their way, and are where they wait for a connection. */
    void awaitRouted(int count) {
        await(() -> outcomes.routed() == count);
        int inFlight = proxy.inFlight(); // behind the turns of the loops that told of it
        assertThat(inFlight).isNotNegative();
    }

    static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("it did not happen within " + PATIENCE);
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Override
    public void close() throws IOException {
        while (!open.isEmpty()) {
            open.pop().close();
        }
        proxy.close();
        assertThat(proxy.bugs()).as("bugs in the log").isZero();
    }
}
