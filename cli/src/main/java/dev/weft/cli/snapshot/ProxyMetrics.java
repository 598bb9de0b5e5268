package dev.weft.cli.snapshot;

import dev.weft.catalog.export.Exports;
import dev.weft.catalog.exposition.PrometheusText;
import dev.weft.catalog.metrics.Apexes;
import dev.weft.catalog.metrics.BackendTraffic;
import dev.weft.catalog.metrics.Counters;
import dev.weft.catalog.metrics.Recorder;
import dev.weft.catalog.metrics.Traffic;
import dev.weft.model.outcome.BalancerState;
import dev.weft.model.outcome.ConnectionOutcome;
import dev.weft.model.outcome.Hop;
import dev.weft.model.outcome.LiveConnection;
import dev.weft.model.outcome.Outcome;
import dev.weft.model.outcome.OutcomeListener;
import dev.weft.model.outcome.ProtocolVerdict;
import dev.weft.model.outcome.RefusedConnection;
import dev.weft.model.outcome.RetryRefusal;
import dev.weft.model.traffic.ServicePort;
import dev.weft.model.traffic.Snapshots;
import dev.weft.model.workload.ServiceName;
import dev.weft.model.workload.Workload;
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
    private final Recording listener;
    private final PrometheusText text;

    private ProxyMetrics(Optional<Server> server, Recording listener, PrometheusText text, Metrics handler) {
        this.handler = handler;
        this.server = server;
        this.listener = listener;
        this.text = text;
    }

    /**
     * Counts from now on.
     *
     * @param port on loopback, 0 for none
     */
    public static ProxyMetrics start(Snapshots snapshots, int port) {
        Counters<Traffic> traffic = Counters.ofRequests(SERIES_MAX);
        Counters<BackendTraffic> backends = Counters.ofTries(SERIES_MAX);
        Recorder recorder = new Recorder(traffic, backends);
        snapshots.onChange(snapshot -> recorder.use(Apexes.of(snapshot)));
        PrometheusText text = new PrometheusText(traffic, backends, Map::of);
        Metrics handler = new Metrics(text);
        Optional<Server> server = port > 0 ? Optional.of(serving(handler, port)) : Optional.empty();
        return new ProxyMetrics(server, new Recording(recorder, text), text, handler);
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
        return listener;
    }

    /** Has the metrics tell how endpoints are, as the proxy knows them. */
    public void balancers(Supplier<List<BalancerState>> states) {
        text.balancers(states);
    }

    /** Has every Outcome logged and sent on from now on; the caller closes what was so. */
    public void export(Exports exports) {
        listener.exports = exports;
        text.include(exports);
    }

    @Override
    public void close() {
        server.ifPresent(running -> LifeCycle.stop(running));
    }

    private static final class Recording implements OutcomeListener {
        private final Recorder recorder;
        private final PrometheusText text;
        private volatile Exports exports = Exports.NONE;

        private Recording(Recorder recorder, PrometheusText text) {
            this.recorder = recorder;
            this.text = text;
        }

        @Override
        public void routed(ServiceName service) {
            // counted when it has ended
        }

        @Override
        public void ended(Outcome outcome) {
            recorder.record(outcome);
            exports.accept(outcome);
        }

        @Override
        public void protocolFound(Hop hop, Workload reporter, Optional<ServicePort> service, ProtocolVerdict verdict) {
            text.streams().protocolFound(hop, reporter, verdict);
        }

        @Override
        public void opened(LiveConnection connection) {
            text.streams().opened(connection);
        }

        @Override
        public void closed(LiveConnection connection, LiveConnection.End how) {
            text.streams().closed(connection, how);
        }

        @Override
        public void retryRefused(Workload reporter, String frontend, String rule, RetryRefusal why) {
            text.retries().refused(reporter, frontend, rule, why);
        }

        @Override
        public void ended(ConnectionOutcome outcome) {
            text.streams().ended(outcome);
            exports.accept(outcome);
        }

        @Override
        public void refused(RefusedConnection refusal) {
            text.streams().refused(refusal);
        }
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
