package dev.weft.apiserver;

import dev.weft.apiserver.access.AccountTokens;
import dev.weft.apiserver.access.Rules;
import dev.weft.apiserver.access.Users;
import dev.weft.apiserver.kinds.ServedKinds;
import dev.weft.apiserver.rest.Api;
import dev.weft.apiserver.store.SqliteStore;
import dev.weft.apiserver.stream.SlowClients;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.server.handler.MinimumDataRateHandler;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The API server: TLS and token in front, the REST conventions behind them, other handlers beside those. Its store
 * belongs to the caller, who closes it after this.
 */
public final class ApiServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ApiServer.class);
    private static final long IDLE_MILLIS = 30_000;

    /** A body may come slowly, but not for ever. */
    private static final long BODY_BYTES_PER_SECOND_MIN = 1_000;

    /** Of the heap, for answers that wait for their clients. */
    private static final int WAITING_PART = 8;

    private final ApiOptions options;
    private final Server server;
    private final ServerConnector connector;
    private final Certificates certificates;
    private final Token token;
    private final Namespaces namespaces;
    private final OldEvents oldEvents;
    private final Definitions definitions;
    private final ClusterRoles clusterRoles;
    private final SlowClients slowClients;
    private volatile boolean closing;

    /**
     * Makes what is missing in the data directory and in the store; listens only after {@link #start()}.
     *
     * @param extensions further handlers by the beginning of their paths, for example {@code /weft/v1/stat}; they too are
     *     behind the token, get the whole path, and may answer or decline
     * @throws IOException when certificates or token cannot be read or made
     */
    public ApiServer(ApiOptions options, SqliteStore store, Map<String, Handler> extensions) throws IOException {
        this(options, store, extensions, System::nanoTime, Runtime.getRuntime().maxMemory() / WAITING_PART);
    }

    /**
     * @param nanos by which slow clients are found out
     * @param waitingBytesMax that answers may hold together while they wait for their clients
     */
    ApiServer(
            ApiOptions options,
            SqliteStore store,
            Map<String, Handler> extensions,
            LongSupplier nanos,
            long waitingBytesMax)
            throws IOException {
        this.options = options;
        Path directory = options.dataDirectory().resolve("api");
        this.certificates =
                new Certificates(directory, options.address(), options.clock().instant());
        this.token = Token.in(directory.resolve("token"));
        ServedKinds kinds = new ServedKinds();
        this.namespaces = new Namespaces(store, options.clock());
        this.definitions = new Definitions(store, kinds, options.clock());
        this.clusterRoles = new ClusterRoles(store);
        this.oldEvents = new OldEvents(store, options.clock());

        List<Handler> handlers = new ArrayList<>();
        extensions.forEach((prefix, handler) -> handlers.add(new Below(prefix, handler)));
        handlers.add(new Below("/weft/v1/backup", new Backups(store, options.clock())));
        Token key = Token.in(directory.resolve("service-accounts.key"));
        AccountTokens accounts =
                new AccountTokens(store, options.clock(), key.text().getBytes(StandardCharsets.UTF_8));
        Authentication authentication = new Authentication(token, accounts);
        handlers.add(new Api(
                kinds,
                store,
                new Users(accounts, authentication::ofToken),
                options.logs(),
                options.pods(),
                options.usage(),
                options.clock(),
                () -> closing));
        QueuedThreadPool threads = new QueuedThreadPool(16, 2);
        threads.setName("api");
        threads.setVirtualThreadsExecutor(VirtualThreads.getDefaultVirtualThreadsExecutor());
        this.server = new Server(threads);
        Handler gate = new TokenGate(authentication, new Rules(store), new Handler.Sequence(handlers));
        Handler paced = new MinimumDataRateHandler(gate, BODY_BYTES_PER_SECOND_MIN, 0); // the gate reads, too
        this.slowClients = new SlowClients(paced, nanos, waitingBytesMax);
        server.setHandler(slowClients);
        this.connector = new ServerConnector(server, 1, 1, tls(), http());
        connector.setHost(options.address());
        connector.setPort(options.port());
        connector.setIdleTimeout(IDLE_MILLIS);
        server.addConnector(connector);
    }

    /**
     * Listens, and writes the kubeconfig.
     *
     * @throws IOException when the port is taken ({@link java.net.BindException} is the cause) or the kubeconfig cannot
     *     be written
     */
    public void start() throws IOException {
        try {
            server.start();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
        SecretFiles.write(kubeconfigPath(), Kubeconfig.of(url(), certificates.authorityPem(), token));
    }

    /** The port that it listens on. */
    public int port() {
        return connector.getLocalPort();
    }

    /** What answers hold that wait for their clients. */
    long waitingBytes() {
        return slowClients.waitingBytes();
    }

    /** {@code https://127.0.0.1:7443}. */
    public String url() {
        String host = options.address().contains(":") ? "[" + options.address() + "]" : options.address();
        return "https://" + host + ":" + port();
    }

    public Path kubeconfigPath() {
        return options.dataDirectory().resolve("kubeconfig");
    }

    /** Ends the watches and stops listening. */
    @Override
    public void close() {
        closing = true;
        try {
            server.stop();
            namespaces.close();
            definitions.close();
            clusterRoles.close();
            oldEvents.close();
        } catch (Exception e) {
            LOG.warn("closing the API: {}", e.getMessage(), e);
        }
    }

    private SslConnectionFactory tls() throws IOException {
        SslContextFactory.Server context = new SslContextFactory.Server();
        context.setKeyStore(certificates.keyStore());
        context.setKeyStorePassword("");
        context.setSniRequired(false);
        return new SslConnectionFactory(context, "http/1.1");
    }

    private static HttpConnectionFactory http() {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        return new HttpConnectionFactory(http);
    }
}
