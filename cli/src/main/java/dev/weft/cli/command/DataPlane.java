package dev.weft.cli.command;

import dev.weft.cli.client.ApiClient;
import dev.weft.cli.client.Refusal;
import dev.weft.cli.platform.Observing;
import dev.weft.cli.snapshot.Acknowledgement;
import dev.weft.cli.snapshot.EdgeView;
import dev.weft.cli.snapshot.FixedSnapshot;
import dev.weft.cli.snapshot.LoneAuthority;
import dev.weft.cli.snapshot.ProxyMetrics;
import dev.weft.cli.snapshot.RemoteCertificates;
import dev.weft.cli.snapshot.RemoteSnapshots;
import dev.weft.model.traffic.Snapshots;
import dev.weft.model.workload.Capacity;
import dev.weft.model.workload.Certificates;
import dev.weft.model.workload.WorkloadIdentity;
import dev.weft.proxy.Proxy;
import dev.weft.proxy.ProxyOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "proxy",
        description = "Runs the edge's data plane alone, fed by a weft up elsewhere on this machine.",
        footer = {
            "",
            "It follows the platform's snapshots, opens the edge's listeners on ports of its own, and proves to the mesh",
            "that it is the edge with a key that it makes itself. While the platform is away, the last snapshot serves.",
            "It cannot wake a sleeping service yet: such a request is answered with 503.",
            "",
            "Examples:",
            "  weft proxy --http-port 9080               beside the weft up of this folder",
            "  weft proxy --snapshot routes.json         without a platform; reaches endpoints outside the mesh only"
        })
final class DataPlane implements Callable<Integer> {

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = ".weft",
            description = "The data directory of the platform to follow (default: ${DEFAULT-VALUE}).")
    private Path data = Path.of(".weft");

    @Option(names = "--http-port", paramLabel = "PORT", description = "Edge, clear text; none when left out.")
    private int httpPort;

    @Option(names = "--https-port", paramLabel = "PORT", description = "Edge, TLS; none when left out.")
    private int httpsPort;

    @Option(
            names = "--drain-delay",
            paramLabel = "SECONDS",
            defaultValue = "0",
            description = "After SIGTERM: not ready at /ready, but still serving (default: ${DEFAULT-VALUE}).")
    private int drainDelay;

    @Option(
            names = "--drain-time",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "After that: how long requests under way may take (default: ${DEFAULT-VALUE}).")
    private int drainPatience;

    @Option(names = "--metrics-port", paramLabel = "PORT", description = "/metrics and /ready, on loopback.")
    private int metricsPort;

    @Mixin
    private final ObservingOption observing = new ObservingOption();

    @Option(names = "--snapshot", paramLabel = "FILE", description = "A snapshot in JSON instead of a platform.")
    private Optional<Path> file = Optional.empty();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        return file.isPresent() ? fixed(file.get()) : following();
    }

    private int fixed(Path path) throws InterruptedException {
        FixedSnapshot read = read(path);
        boolean asWritten = httpPort == 0 && httpsPort == 0;
        FixedSnapshot snapshot =
                asWritten ? read : new FixedSnapshot(new EdgeView(httpPort, httpsPort).apply(read.current()));
        return run(snapshot, LoneAuthority.create(), _ -> {});
    }

    private int following() throws InterruptedException {
        if (httpPort == 0 && httpsPort == 0) {
            throw Refusal.impossible("give the edge a port: --http-port, --https-port, or both");
        }
        ApiClient api = ApiClient.of(data);
        var certificates = RemoteCertificates.of(
                body -> api.send("POST", "/weft/v1/certificates", "application/json", body)
                        .toString(),
                () -> api.get("/weft/v1/certificates").toString(),
                WorkloadIdentity.EDGE);
        String feed =
                "/weft/v1/snapshot?follower=proxy-" + ProcessHandle.current().pid();
        var snapshots = RemoteSnapshots.follow(more -> api.lines(feed, more), new EdgeView(httpPort, httpsPort));
        try (certificates;
                snapshots) {
            if (!snapshots.awaitFirst(10, TimeUnit.SECONDS)) {
                throw Refusal.failed("the platform at " + api.server() + " sent no snapshot within 10 s");
            }
            return run(
                    snapshots,
                    certificates,
                    version -> api.send("POST", feed + "&version=" + version, "application/json", "{}"));
        }
    }

    /**
     * Until a signal; the JVM's shutdown drains and stops, and ends in exit code 0.
     *
     * @param acknowledge tells whoever makes the snapshots which one is in effect
     */
    private int run(Snapshots snapshots, Certificates certificates, LongConsumer acknowledge)
            throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        Observing seen = observing.configured();
        try (seen;
                ProxyMetrics metrics = ProxyMetrics.start(snapshots, metricsPort)) {
            Proxy proxy =
                    new Proxy(ProxyOptions.forThisMachine(), snapshots, noCapacity(), metrics.listener(), certificates);
            seen.start(proxy, metrics::export);
            metrics.balancers(proxy::balancers);
            System.gc(); // once and before the ports open, so that no request waits for what reading left behind
            proxy.start();
            Runtime.getRuntime()
                    .addShutdownHook(Thread.ofPlatform().name("stop").unstarted(() -> stop(proxy, seen, metrics)));
            proxy.problems().forEach(out::println);
            proxy.ports().forEach((name, port) -> out.println("weft: proxy " + name + " on port " + port));
            out.flush();
            try (Acknowledgement _ = new Acknowledgement(snapshots, proxy::version, acknowledge)) {
                new CountDownLatch(1).await();
            }
            return 0;
        }
    }

    /** Says so wherever it is asked, serves on until nobody sends requests here any more, and only then refuses. */
    private void stop(Proxy proxy, Observing seen, ProxyMetrics metrics) {
        metrics.notReady();
        proxy.retire();
        try {
            var _ = new CountDownLatch(1).await(drainDelay, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        proxy.drain(Duration.ofSeconds(drainPatience));
        proxy.close();
        seen.close();
        Runtime.getRuntime().halt(0);
    }

    private static Capacity noCapacity() {
        return (service, patience) -> CompletableFuture.failedFuture(new IllegalStateException(
                "service " + service + " sleeps, and a proxy of its own cannot wake it; ask the platform's own edge"));
    }

    private static FixedSnapshot read(Path path) {
        try {
            return FixedSnapshot.read(path);
        } catch (IOException e) {
            throw Refusal.impossible("--snapshot: " + path + " cannot be read");
        } catch (IllegalArgumentException e) {
            throw Refusal.impossible("--snapshot: " + path + ": " + e.getMessage());
        }
    }
}
