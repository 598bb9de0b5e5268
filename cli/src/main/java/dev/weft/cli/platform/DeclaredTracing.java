package dev.weft.cli.platform;

import dev.weft.catalog.export.AccessLog;
import dev.weft.catalog.export.Exports;
import dev.weft.catalog.export.SpanExporter;
import dev.weft.proxy.trace.Tracing;
import dev.weft.resources.Kinds;
import dev.weft.resources.Reconciler;
import dev.weft.resources.Resource;
import dev.weft.resources.ResourceStore;
import dev.weft.resources.emissary.TracingService;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends spans to where the oldest TracingService says, from the next request on, and no more when there is none. Owner of
 * what is sent to now: the reconciler's thread.
 */
public final class DeclaredTracing implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DeclaredTracing.class);
    private static final String ALL = "all";

    private final ResourceStore store;
    private final Optional<AccessLog> log;
    private final Consumer<Exports> exporter;
    private final Consumer<Tracing> proxy;
    private final Reconciler<String> reconciler;
    private final AutoCloseable watch;
    private Target target = new Target("", 0);
    private Optional<SpanExporter> spans = Optional.empty();

    private record Target(String collector, double share) {}

    /**
     * Follows them from now on.
     *
     * @param log that goes on beside
     */
    public DeclaredTracing(
            ResourceStore store, Optional<AccessLog> log, Consumer<Exports> exporter, Consumer<Tracing> proxy) {
        this.store = store;
        this.log = log;
        this.exporter = exporter;
        this.proxy = proxy;
        this.reconciler = new Reconciler<>("tracing", _ -> follow());
        this.watch = store.watch(Kinds.TRACING_SERVICE, _ -> reconciler.enqueue(ALL));
        reconciler.enqueue(ALL);
    }

    private void follow() {
        Target wanted = store.list(Kinds.TRACING_SERVICE).stream()
                .sorted(Comparator.comparing((Resource resource) ->
                                resource.at("/metadata/creationTimestamp").asString(""))
                        .thenComparing(Resource::namespace)
                        .thenComparing(Resource::name))
                .flatMap(resource -> TracingService.read(resource).value().stream())
                .filter(service -> !service.collector().isEmpty())
                .map(service -> new Target(service.collector(), service.share()))
                .findFirst()
                .orElse(new Target("", 0));
        if (wanted.equals(target)) {
            return;
        }
        Optional<SpanExporter> before = spans;
        boolean same = wanted.collector().equals(target.collector());
        spans = same ? before : started(wanted.collector());
        target = wanted;
        exporter.accept(new Exports(log, spans));
        proxy.accept(spans.isEmpty() ? Tracing.OFF : new Tracing(true, wanted.share()));
        if (!same) {
            before.ifPresent(SpanExporter::close);
        }
    }

    private static Optional<SpanExporter> started(String collector) {
        if (collector.isEmpty()) {
            return Optional.empty();
        }
        try {
            String version = DeclaredTracing.class.getPackage().getImplementationVersion();
            return Optional.of(new SpanExporter(collector, version == null ? "unbuilt" : version));
        } catch (IllegalArgumentException e) {
            LOG.warn("no spans are sent: {}", e.getMessage());
            return Optional.empty();
        }
    }

    /** Sends what is left. */
    @Override
    public void close() {
        try {
            watch.close();
        } catch (Exception e) {
            LOG.warn("the watch of TracingServices did not close", e);
        }
        reconciler.close();
        spans.ifPresent(SpanExporter::close);
    }
}
