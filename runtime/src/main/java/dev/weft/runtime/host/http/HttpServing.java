package dev.weft.runtime.host.http;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Phaser;
import java.util.concurrent.Semaphore;

/**
 * Serves one handler; it starts in about a tenth of the time of the JDK's server. Requests under way are parties of {@code
 * underWay}, so that an orderly end can wait for them. At most {@value #CONNECTIONS_MAX} connections are served at once, further
 * ones wait to be accepted.
 */
public final class HttpServing {

    private static final int CONNECTIONS_MAX = 2048;
    private static final Request NONE = new Request("GET", "/", Map.of(), new byte[0], false);

    private final ServerSocket listener;
    private final Handler handler;
    private final Overruns overruns;
    private final Semaphore places = new Semaphore(CONNECTIONS_MAX);
    private final Phaser underWay = new Phaser(1);
    private volatile boolean finishing;

    public HttpServing(ServerSocket listener, Handler handler) {
        this(listener, handler, Duration.ZERO, () -> {});
    }

    /**
     * Serves a function that may get stuck.
     *
     * @param longest a request may take: then its thread is interrupted; zero for as long as it likes
     * @param stuck run when that has not helped
     */
    public HttpServing(ServerSocket listener, Handler handler, Duration longest, Runnable stuck) {
        this.listener = listener;
        this.handler = handler;
        this.overruns = new Overruns(longest, stuck);
    }

    /** Accepts until the end. */
    public void run() throws IOException {
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        while (!finishing) {
            places.acquireUninterruptibly();
            try {
                Socket connection = listener.accept();
                Thread thread = Thread.ofVirtual().unstarted(() -> serve(connection));
                thread.setContextClassLoader(loader);
                thread.start();
            } catch (IOException e) {
                places.release();
                if (!finishing) {
                    throw e;
                }
            }
        }
    }

    /** Takes no more requests and returns when the last one under way is answered. */
    public void finish() {
        finishing = true;
        try {
            listener.close();
        } catch (IOException e) {
            System.err.println("the listener did not close: " + e.getMessage());
        }
        underWay.awaitAdvance(underWay.arriveAndDeregister());
    }

    private void serve(Socket connection) {
        try (connection) {
            connection.setTcpNoDelay(true);
            OutputStream output = connection.getOutputStream();
            RequestReader reader = new RequestReader(new BufferedInputStream(connection.getInputStream()), output);
            boolean more = true;
            while (more && !finishing) {
                more = serveOne(reader, output);
            }
        } catch (IOException e) {
            // The other end is gone; there is nobody to tell.
        } finally {
            places.release();
        }
    }

    /** True when the connection can carry another request. */
    private boolean serveOne(RequestReader reader, OutputStream output) throws IOException {
        Request request;
        try {
            request = reader.read();
        } catch (RequestReader.Malformed e) {
            Response refusal = new Response(output, NONE, false);
            refusal.status(e.status());
            text(refusal, e.text() + "\n");
            return refusal.end();
        }
        if (request == null) {
            return false;
        }
        if (underWay.register() < 0) {
            return false; // finished, and nobody waits for this one
        }
        try {
            return !finishing && serve(request, output);
        } finally {
            underWay.arriveAndDeregister();
        }
    }

    private boolean serve(Request request, OutputStream output) throws IOException {
        Response response = new Response(output, request, request.keepAlive() && !finishing);
        try (Overruns.Watched watched = overruns.watch(request, response::begun)) {
            return answer(request, response) && response.end() && !watched.overrun();
        }
    }

    /** False when the answer is broken off. */
    private boolean answer(Request request, Response response) throws IOException {
        try {
            handler.handle(request, response);
            return true;
        } catch (Throwable e) { // whatever a function throws is its own failure, and only of this request
            StringWriter trace = new StringWriter();
            e.printStackTrace(new PrintWriter(trace));
            System.err.println("request " + request.method() + " " + request.target() + " failed: " + trace);
            if (response.begun()) {
                return false;
            }
            response.reset();
            response.status(500);
            if (handler instanceof Terse terse) {
                terse.failed(response);
            } else {
                text(response, "the function has failed: " + e.getClass().getSimpleName() + "; its log says more\n");
            }
            return true;
        }
    }

    /** Answers failures without a body. */
    public interface Terse extends Handler {

        /** May set headers. */
        void failed(Response response);
    }

    private static void text(Response response, String text) throws IOException {
        response.set("Content-Type", "text/plain; charset=utf-8");
        response.body().write(text.getBytes(StandardCharsets.UTF_8));
    }
}
