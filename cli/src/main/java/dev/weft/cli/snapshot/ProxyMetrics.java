package dev.weft.cli.snapshot;

import dev.weft.catalog.Metering;
import dev.weft.catalog.export.Exports;
import dev.weft.catalog.exposition.PrometheusText;
import dev.weft.model.outcome.BalancerState;
import dev.weft.model.outcome.OutcomeListener;
import dev.weft.model.traffic.Snapshots;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.component.LifeCycle;

/** What a data plane of its own counts: the same counters as in the platform, served at {@code /metrics} if asked for. */
public final class ProxyMetrics implements AutoCloseable {

    private static final int SERIES_MAX = 10_000;

    private final Optional<Server> server;
    private final Metrics handler;
    private final Metering metering;

    private ProxyMetrics(Optional<Server> server, Metering metering, Metrics handler) {
        this.handler = handler;
        this.server = server;
        this.metering = metering;
    }

    /**
     * Counts from now on.
     *
     * @param port on loopback, 0 for none
     */
    public static ProxyMetrics start(Snapshots snapshots, int port) {
        Metering metering = new Metering(snapshots, SERIES_MAX, Map::of);
        Metrics handler = new Metrics(metering.text());
        Optional<Server> server = port > 0 ? Optional.of(serving(handler, port)) : Optional.empty();
        return new ProxyMetrics(server, metering, handler);
    }

    /** Made only when asked for: a server that nobody asks costs megabytes. */
    private static Server serving(Metrics metrics, int port) {
        Server server = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        server.setHandler(new Pages(metrics));
        LifeCycle.start(server);
        return server;
    }

    /** {@code /ready} says no from now on. */
    public void notReady() {
        handler.ready = false;
    }

    /** What the proxy tells its outcomes to. */
    public OutcomeListener listener() {
        return metering;
    }

    /** Has the metrics tell how endpoints are, as the proxy knows them. */
    public void balancers(Supplier<List<BalancerState>> states) {
        metering.text().balancers(states);
    }

    /** Has every Outcome logged and sent on from now on; the caller closes what was so. */
    public void export(Exports exports) {
        metering.export(exports);
    }

    @Override
    public void close() {
        server.ifPresent(running -> LifeCycle.stop(running));
    }

    private static final class Metrics {
        private final PrometheusText text;
        private volatile boolean ready = true;

        private Metrics(PrometheusText text) {
            this.text = text;
        }
    }

    private static final class Pages extends Handler.Abstract {
        private final Metrics metrics;

        private Pages(Metrics metrics) {
            this.metrics = metrics;
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            if (request.getHttpURI().getPath().equals("/ready")) {
                response.setStatus(metrics.ready ? 200 : 503);
                Content.Sink.write(response, true, metrics.ready ? "ready\n" : "stopping\n", callback);
                return true;
            }
            if (!request.getHttpURI().getPath().equals("/metrics")) {
                return false;
            }
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8");
            Content.Sink.write(response, true, metrics.text.render(), callback);
            return true;
        }
    }
}
