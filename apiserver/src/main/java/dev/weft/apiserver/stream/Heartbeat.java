package dev.weft.apiserver.stream;

import java.io.IOException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Asks a client that is silent whether it lives, until it is closed or the client cannot be asked. */
final class Heartbeat implements AutoCloseable {

    private static final int PERIOD_SECONDS = 30;

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofVirtual().name("ping").factory());
    private final CommandSession.Task ping;

    Heartbeat(CommandSession.Task ping) {
        this.ping = ping;
        Future<?> _ = timer.scheduleWithFixedDelay(this::beat, PERIOD_SECONDS, PERIOD_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }

    /** Whoever reads from the client learns of its end by itself. */
    private void beat() {
        try {
            ping.run();
        } catch (IOException e) {
            timer.shutdown();
        }
    }
}
