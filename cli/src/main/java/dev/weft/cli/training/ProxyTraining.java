package dev.weft.cli.training;

import dev.weft.cli.authority.LocalAuthority;
import dev.weft.cli.platform.Ports;
import dev.weft.cli.snapshot.SnapshotJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Sends requests of every kind through a data plane of its own, as often as profiles want it. */
public final class ProxyTraining {

    private static final int CONNECTIONS = 4;

    /** On each connection. The JVM begins a profile after 200 calls and trusts it after 5,000. */
    private static final int REQUESTS = 2_000;

    private static final int HANDSHAKES = 50;
    private static final int PATIENCE_SECONDS = 20;

    private ProxyTraining() {}

    /**
     * Trains; returns when all has been sent.
     *
     * @param folder for the snapshot
     * @param proxy runs a proxy with the snapshot in this file, and does not return
     */
    public static void run(Path folder, Consumer<Path> proxy) throws IOException, InterruptedException {
        List<Integer> free = Ports.free(6);
        var ports = new TrainingSnapshot.Ports(
                free.get(0), free.get(1), free.get(2), free.get(3), free.get(4), free.get(5));
        LocalAuthority authority = LocalAuthority.passing();
        try (TrainingServer server = TrainingServer.start()) {
            Path file = folder.resolve("snapshot.json");
            Files.writeString(
                    file,
                    SnapshotJson.write(
                            TrainingSnapshot.of(ports, server.port(), authority), SnapshotJson.Keys.INCLUDED));
            Thread.ofPlatform().daemon().start(() -> proxy.accept(file));
            for (int port : List.of(ports.http(), ports.https(), ports.tcp(), ports.outbound(), ports.inbound())) {
                awaitOpen(port);
            }
            TrainingClient client = new TrainingClient(authority.trusting());
            inParallel(List.of(
                    () -> client.ask(ports.http(), "train.invalid", "/first/item", REQUESTS),
                    () -> client.ask(ports.outbound(), "pair.default.svc.cluster.local", "/item", REQUESTS),
                    () -> client.ask(ports.tcp(), "train.invalid", "/stream", REQUESTS),
                    () -> client.askSecurely(ports.https(), HANDSHAKES, REQUESTS / HANDSHAKES),
                    () -> client.askOnStreams(ports.http(), "/first/item", "", REQUESTS),
                    () -> client.askOnStreams(ports.http(), "/calls/Echo", "application/grpc", REQUESTS)));
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void inParallel(List<Work> all) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (Work work : all) {
            for (int i = 0; i < CONNECTIONS; i++) {
                threads.add(Thread.ofVirtual().start(() -> {
                    try {
                        work.run();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e); // the others go on: a poorer cache is still one
                    }
                }));
            }
        }
        for (Thread thread : threads) {
            var _ = thread.join(Duration.ofSeconds(PATIENCE_SECONDS));
        }
    }

    private static void awaitOpen(int port) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (true) {
            try {
                new Socket(InetAddress.ofLiteral("127.0.0.1"), port).close();
                return;
            } catch (IOException e) {
                if (System.nanoTime() > end) {
                    throw e;
                }
            }
            var _ = new CountDownLatch(1).await(20, TimeUnit.MILLISECONDS);
        }
    }
}
