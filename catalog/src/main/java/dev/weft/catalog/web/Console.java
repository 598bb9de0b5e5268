package dev.weft.catalog.web;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The console's server: loopback only, plain HTTP, reading only. */
public final class Console implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Console.class);

    private final Server server;
    private final ServerConnector connector;
    private final AtomicBoolean closing;

    private Console(Server server, ServerConnector connector, AtomicBoolean closing) {
        this.server = server;
        this.connector = connector;
        this.closing = closing;
    }

    /**
     * Starts it.
     *
     * @param port 0 for any that is free
     * @param answers by name, as {@link Answers#handlers()} gives them
     * @throws IOException when the port is taken
     */
    public static Console start(int port, ConsoleState state, Map<String, Handler> answers) throws IOException {
        QueuedThreadPool threads = new QueuedThreadPool(16, 1);
        threads.setName("console");
        threads.setDaemon(true);
        threads.setVirtualThreadsExecutor(VirtualThreads.getDefaultVirtualThreadsExecutor());
        Server server = new Server(threads);
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        ServerConnector connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        connector.setHost("127.0.0.1");
        connector.setPort(port);
        server.addConnector(connector);
        AtomicBoolean closing = new AtomicBoolean();
        server.setHandler(new Handler.Sequence(new ConsoleHandler(state, answers, closing::get)));
        try {
            server.start();
        } catch (IOException e) {
            stop(server);
            throw e;
        } catch (Exception e) {
            stop(server);
            throw new IOException("the console did not start on port " + port + ": " + e.getMessage(), e);
        }
        return new Console(server, connector, closing);
    }

    /** Where it listens. */
    public int port() {
        return connector.getLocalPort();
    }

    /** {@code http://127.0.0.1:PORT/}. */
    public String url() {
        return "http://127.0.0.1:" + port() + "/";
    }

    @Override
    public void close() {
        closing.set(true);
        stop(server);
    }

    private static void stop(Server server) {
        try {
            server.stop();
        } catch (Exception e) {
            LOG.warn("The console did not stop cleanly", e);
        }
    }
}
