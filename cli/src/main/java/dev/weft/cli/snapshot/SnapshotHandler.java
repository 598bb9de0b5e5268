package dev.weft.cli.snapshot;

import dev.weft.model.traffic.Snapshot;
import dev.weft.model.traffic.Snapshots;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * {@code GET /weft/v1/snapshot}: the newest snapshot as one line of JSON, and one more line for each that follows, until
 * the client goes away. Snapshots that were overtaken are left out; an empty line at least each five seconds shows that
 * the platform is there. Private keys are in it, so this must stand behind the API's authentication.
 *
 * <p>A client that gives itself a name, {@code ?follower=NAME}, says by {@code POST ?follower=NAME&version=N} which snapshot is
 * in effect there.
 *
 * <p>Each client holds one (virtual) thread. The control plane's thread only wakes them.
 */
public final class SnapshotHandler extends Handler.Abstract {

    static final long HEARTBEAT_SECONDS = 5;

    private final Snapshots snapshots;
    private final Set<Semaphore> waiting = ConcurrentHashMap.newKeySet();
    private final Followers followers;

    /** Follows these snapshots from now on. */
    public SnapshotHandler(Snapshots snapshots) {
        this.snapshots = snapshots;
        this.followers = new Followers(() -> snapshots.current().version());
        snapshots.onChange(_ -> waiting.forEach(Semaphore::release));
    }

    /** How many clients may still send to this pod, which has left the endpoints. */
    public int behind(String pod) {
        return followers.behind(pod);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        org.eclipse.jetty.util.Fields query = Request.extractQueryParameters(request);
        String follower = Objects.requireNonNullElse(query.getValue("follower"), "");
        if (request.getMethod().equals("POST")) {
            acknowledge(follower, Objects.requireNonNullElse(query.getValue("version"), ""), response, callback);
            return true;
        }
        if (!request.getMethod().equals("GET")) {
            response.setStatus(405);
            response.getHeaders().put(HttpHeader.ALLOW, "GET, POST");
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
            Content.Sink.write(response, true, "{\"detail\":\"Only GET and POST are answered here.\"}", callback);
            return true;
        }
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/x-ndjson");
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        Semaphore news = new Semaphore(0);
        waiting.add(news);
        if (!follower.isEmpty()) {
            followers.came(follower);
        }
        try (OutputStream out = Content.Sink.asOutputStream(response)) {
            stream(news, out);
            callback.succeeded();
        } catch (IOException e) {
            callback.failed(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            callback.failed(e);
        } finally {
            waiting.remove(news);
            followers.left(follower);
        }
        return true;
    }

    private void acknowledge(String follower, String version, Response response, Callback callback) {
        boolean known = version.matches("\\d{1,18}");
        if (known) {
            followers.acknowledge(follower, Long.parseLong(version));
        }
        response.setStatus(known ? 200 : 400);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        Content.Sink.write(response, true, known ? "{}" : "{\"detail\":\"version: a number\"}", callback);
    }

    /** Wakes who follows, so that stopping does not wait for their heartbeats. */
    @Override
    protected void doStop() throws Exception {
        super.doStop();
        waiting.forEach(Semaphore::release);
    }

    private void stream(Semaphore news, OutputStream out) throws IOException, InterruptedException {
        long sent = -1;
        while (isRunning()) {
            Snapshot newest = snapshots.current();
            if (newest.version() != sent) {
                sent = newest.version();
                out.write(SnapshotJson.write(newest, SnapshotJson.Keys.INCLUDED).getBytes(StandardCharsets.UTF_8));
            }
            out.write('\n');
            out.flush();
            if (news.tryAcquire(HEARTBEAT_SECONDS, TimeUnit.SECONDS)) {
                news.drainPermits();
            }
        }
    }
}
