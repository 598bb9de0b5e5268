package dev.weft.apiserver.stream;

import java.time.Duration;

/** Asks a client that is silent whether it lives, until it is closed. */
final class Heartbeat implements AutoCloseable {

    private static final Duration PERIOD = Duration.ofSeconds(30);

    private final Thread thread;

    Heartbeat(CommandSession.Task ping) {
        this.thread = Thread.ofVirtual().name("ping").start(() -> {
            try {
                while (!Thread.interrupted()) {
                    Thread.sleep(PERIOD);
                    ping.run();
                }
            } catch (InterruptedException | java.io.IOException e) {
                // it is over
            }
        });
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
