package dev.weft.cli.platform;

import dev.weft.apiserver.AccountCredentials;
import dev.weft.apiserver.ApiOptions;
import dev.weft.apiserver.ApiServer;
import dev.weft.apiserver.Controller;
import dev.weft.apiserver.store.SqliteStore;
import dev.weft.catalog.Catalog;
import dev.weft.catalog.CatalogOptions;
import dev.weft.cli.snapshot.CertificateHandler;
import dev.weft.cli.snapshot.SnapshotHandler;
import dev.weft.control.ControlPlane;
import dev.weft.control.acme.CertificateKeeper;
import dev.weft.control.acme.HostCertificates;
import dev.weft.control.compile.EdgeOptions;
import dev.weft.control.identity.IdentityAuthority;
import dev.weft.control.status.VerdictWriter;
import dev.weft.model.workload.WorkloadIdentity;
import dev.weft.proxy.Proxy;
import dev.weft.proxy.ProxyOptions;
import dev.weft.resources.ResourceStore;
import dev.weft.runtime.LocalRuntime;
import dev.weft.runtime.RuntimeOptions;
import dev.weft.runtime.namespace.Maker;
import dev.weft.runtime.namespace.NamespaceProbe;
import dev.weft.serving.Serving;
import dev.weft.serving.ServingOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import org.eclipse.jetty.server.Handler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One machine's platform: every part, made in order and introduced to the others through the joints.
 *
 * <pre>
 *   store ── runtime (what runs) ── control (snapshots) ── proxy (requests)
 *     └ api      └ serving (how many) ────────────────────────┘ └ catalog (what happened)
 * </pre>
 */
public final class Platform {

    private static final Logger LOG = LoggerFactory.getLogger(Platform.class);
    private static final Duration DRAIN = Duration.ofSeconds(5);
    private static final Duration FIRST_SNAPSHOT = Duration.ofSeconds(5);

    private final Settings settings;
    private final Consumer<String> report;
    private final Closing closing = new Closing();
    private String pods = "each in a network of its own";
    private volatile ToIntFunction<String> underWay = _ -> 0; // until there is a proxy

    private Platform(Settings settings, Consumer<String> report) {
        this.settings = settings;
        this.report = report;
    }

    /**
     * Starts everything, or nothing.
     *
     * @param report gets lines for people: what was applied, what is wrong with it
     */
    public static Platform start(Settings settings, Consumer<String> report) throws IOException {
        Ports.requireFree(Map.of(
                "--http-port", settings.httpPort(),
                "--https-port", settings.httpsPort(),
                "--api-port", settings.apiPort(),
                "--console-port", settings.consolePort()));
        Platform platform = new Platform(settings, report);
        try {
            platform.wire();
        } catch (IOException | RuntimeException e) {
            platform.stop();
            throw e;
        }
        return platform;
    }

    /** What is added here ends in the opposite order. */
    private void wire() throws IOException {
        Clock clock = Clock.systemUTC();
        DataDirectory data = closing.add("data directory", DataDirectory.open(settings.data()));
        SqliteStore store = closing.add("store", new SqliteStore(data.path(), clock));
        IdentityAuthority authority = closing.add(
                "identities", IdentityAuthority.open(data.resolve("identity"), clock, IdentityAuthority.LEAF_VALIDITY));
        AccountCredentials accounts = new AccountCredentials(data.path(), store, clock);
        LocalRuntime runtime = closing.add(
                "runtime",
                new LocalRuntime(
                        store.writtenBy(new Controller("weft-runtime", clock)),
                        RuntimeOptions.in(data.path()).withSpares(settings.spares()),
                        maker(),
                        pod -> underWay.applyAsInt(pod),
                        new PodAccounts(accounts)));
        HostCertificates certificates = new HostCertificates();
        ControlPlane control = closing.add("control plane", control(store, runtime, certificates, clock));
        closing.add("exports", settings.observing());
        Catalog catalog = closing.add("catalogue", catalog(store, control, clock, data, authority));
        Serving serving = closing.add(
                "serving",
                new Serving(
                        store.writtenBy(new Controller("weft-serving", clock)), runtime, ServingOptions.defaults()));
        Proxy proxy = new Proxy(
                ProxyOptions.forThisMachine(),
                control,
                serving,
                serving.then(catalog.listener()), // the autoscaler acts on it, then the catalogue counts
                authority,
                new PodNetworks(runtime));
        SnapshotHandler followed = new SnapshotHandler(control);
        Map<String, Handler> extensions = extensions(control, catalog, serving, runtime, store, proxy, authority);
        extensions.put("/weft/v1/snapshot", followed);
        ApiServer api = closing.add("api", api(data, store, runtime, extensions));
        underWay = pod -> proxy.inFlight(pod) + followed.behind(pod);
        closing.add("proxy", () -> {
            proxy.drain(DRAIN);
            proxy.close();
        });

        DeclaredFiles files = new DeclaredFiles(store, settings.paths(), report, System::nanoTime);
        files.sync();
        CountDownLatch compiled = new CountDownLatch(1);
        long before = control.current().version();
        control.onChange(snapshot -> {
            if (snapshot.version() > before) {
                compiled.countDown();
            }
        });
        CertificateKeeper keeper = closing.add(
                "certificates",
                new CertificateKeeper(store, certificates, control::current, clock, new SecureRandom()));
        keeper.recall();
        control.start();
        awaitFirst(compiled); // so that the proxy's start ends with its listeners open
        serving.start();
        proxy.start();
        closing.add("ports", new UnopenedPorts(proxy::problems, new VerdictWriter(store, certificates, clock)));
        api.start();
        keeper.start();
        runtime.names().platformPorts(api.port(), Set.of(api.port(), settings.consolePort())); // known from here on
        catalog.onTap(proxy::tapping);
        catalog.balancers(proxy::balancers);
        settings.observing().start(proxy, catalog::export);
        if (!settings.observing().tracing().on()) {
            closing.add(
                    "tracing",
                    new DeclaredTracing(store, settings.observing().exports().log(), catalog::export, proxy::tracing));
        }
        catalog.console(settings.consolePort());
        Verdicts verdicts = closing.add("verdicts", new Verdicts(files, report));
        control.onChange(verdicts::accept);
        closing.add("failures", new Failures(store, files, logsCommand(), report));
        closing.add("files", new FileWatch(files.folders(), () -> look(files), report));
    }

    private static boolean look(DeclaredFiles files) {
        files.sync();
        return files.undecided();
    }

    /** Of the pods' networks, where they get any. */
    private Optional<Maker> maker() throws IOException {
        switch (settings.pods()) {
            case LOOPBACK -> pods = "in the host's network (loopback mode), as was asked for";
            case AUTO -> {
                Optional<String> refusal = NamespaceProbe.refusal();
                if (refusal.isEmpty()) {
                    return Optional.of(Maker.start());
                }
                pods = "in the host's network (loopback mode; weft check says what to do): " + refusal.get();
            }
            case NAMESPACES -> {
                Optional<String> refusal = NamespaceProbe.refusal();
                if (refusal.isPresent()) {
                    throw new IOException("--pods namespaces is not possible here: " + refusal.get()
                            + "; weft check says what to do, and --pods loopback does without");
                }
                return Optional.of(Maker.start());
            }
        }
        return Optional.empty();
    }

    private String logsCommand() {
        return settings.data().equals(Path.of(".weft")) ? "weft logs" : "weft logs --data " + settings.data();
    }

    private static void awaitFirst(CountDownLatch compiled) throws IOException {
        try {
            if (!compiled.await(FIRST_SNAPSHOT.toSeconds(), TimeUnit.SECONDS)) {
                LOG.warn("no snapshot within {} s; going on without", FIRST_SNAPSHOT.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while starting", e);
        }
    }

    private ControlPlane control(SqliteStore store, LocalRuntime runtime, HostCertificates certificates, Clock clock) {
        EdgeOptions edge = new EdgeOptions(
                EdgeOptions.DEFAULT.address(),
                settings.httpPort(),
                settings.httpsPort(),
                EdgeOptions.DEFAULT.domains());
        ResourceStore own = store.writtenBy(new Controller("weft-control", clock));
        return new ControlPlane(own, runtime, edge, clock, clock.millis(), certificates);
    }

    private static Catalog catalog(
            SqliteStore store, ControlPlane control, Clock clock, DataDirectory data, IdentityAuthority authority) {
        CatalogOptions options =
                CatalogOptions.DEFAULT.withDirectory(data.resolve("catalog")).withCertificates(authority);
        return new Catalog(store, control, clock, options);
    }

    private ApiServer api(DataDirectory data, SqliteStore store, LocalRuntime runtime, Map<String, Handler> extensions)
            throws IOException {
        ApiOptions options = ApiOptions.on(
                data.path(),
                settings.apiPort(),
                new RuntimeLogs(runtime.logs(), store),
                new RuntimePods(runtime),
                new RuntimePods(runtime));
        return new ApiServer(options, store, extensions);
    }

    /** What is answered under {@code /weft/v1/} beside the resources. */
    private static Map<String, Handler> extensions(
            ControlPlane control,
            Catalog catalog,
            Serving serving,
            LocalRuntime runtime,
            ResourceStore store,
            Proxy proxy,
            IdentityAuthority authority) {
        Map<String, Handler> handlers = new LinkedHashMap<>();
        catalog.handlers().forEach((name, handler) -> handlers.put("/weft/v1/" + name, handler));
        handlers.put(
                "/weft/v1/certificates",
                new CertificateHandler(
                        authority::sign,
                        authority,
                        Set.of(WorkloadIdentity.EDGE),
                        () -> Optional.of(authority.issuer())));
        Capture capture = new Capture(proxy);
        List<String> read = List.of("GET");
        add(handlers, "routes", read, (method, rest) -> Routes.of(control.current()));
        add(handlers, "verdicts", read, (method, rest) -> Questions.verdicts(control.current()));
        add(handlers, "activations", read, (method, rest) -> Questions.activations(serving, rest));
        add(handlers, "scaling", read, new ScalingQuestion(serving, runtime, store)::answer);
        add(handlers, "spares", read, (method, rest) -> Questions.spares(runtime));
        add(handlers, "capture", List.of("GET", "PUT", "DELETE"), capture::answer);
        add(handlers, "identity", List.of("GET", "POST"), new IdentityQuestion(authority)::answer);
        return handlers;
    }

    private static void add(
            Map<String, Handler> handlers, String name, List<String> methods, JsonHandler.Question question) {
        handlers.put("/weft/v1/" + name, new JsonHandler("/weft/v1/" + name, methods, question));
    }

    /** Prints where everything is. */
    public void announce() {
        String data = settings.data().toString();
        report.accept("""
                weft: up in %d ms
                  edge     http://127.0.0.1:%d  https://127.0.0.1:%d
                  api      https://127.0.0.1:%d  (kubectl --kubeconfig %s/kubeconfig get ksvc,pods -A)
                  console  http://127.0.0.1:%d
                  data     %s
                  pods     %s""".formatted(
                        sinceProcessStart().toMillis(),
                        settings.httpPort(),
                        settings.httpsPort(),
                        settings.apiPort(),
                        data,
                        settings.consolePort(),
                        data,
                        pods));
    }

    /** Ends everything, in the opposite order; true when all ended well. */
    public boolean stop() {
        return closing.close();
    }

    private static Duration sinceProcessStart() {
        return ProcessHandle.current()
                .info()
                .startInstant()
                .map(start -> Duration.between(start, Instant.now()))
                .orElse(Duration.ZERO);
    }
}
