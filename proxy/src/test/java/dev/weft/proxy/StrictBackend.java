package dev.weft.proxy;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;

/** A server by other hands (Jetty, at its strictest): what it saw, and how often it refused to understand. */
final class StrictBackend implements Closeable {

    /** One request as this server understood it. */
    record Seen(String method, String target, String body) {}

    private final Server server = new Server();
    private final ServerConnector connector;
    private final List<Seen> seen = new CopyOnWriteArrayList<>();
    private final AtomicInteger refused = new AtomicInteger();

    StrictBackend() throws Exception {
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.setHttpCompliance(HttpCompliance.STRICT);
        configuration.setSendServerVersion(false);
        connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(configuration));
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(new Recording());
        server.setErrorHandler(new Refusing());
        server.start();
    }

    int port() {
        return connector.getLocalPort();
    }

    List<Seen> seen() {
        return seen;
    }

    /** Messages that it could not or would not read. */
    int refused() {
        return refused.get();
    }

    void forget() {
        seen.clear();
        refused.set(0);
    }

    @Override
    public void close() throws IOException {
        try {
            server.stop();
        } catch (Exception e) { // as Jetty declares it
            throw new IOException(e);
        }
    }

    private final class Recording extends Handler.Abstract {
        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            String body = Content.Source.asString(request, StandardCharsets.ISO_8859_1);
            seen.add(new Seen(request.getMethod(), request.getHttpURI().getPathQuery(), body));
            Content.Sink.write(response, true, "seen", callback);
            return true;
        }
    }

    private final class Refusing implements Request.Handler {
        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            refused.incrementAndGet();
            callback.succeeded();
            return true;
        }
    }
}
