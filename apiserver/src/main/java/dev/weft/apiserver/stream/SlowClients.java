package dev.weft.apiserver.stream;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the connections of clients that are too slow: whose request's head does not come to its end, or who do not take what
 * is written to them. Moving a little all the time, which keeps a connection from being idle, helps neither.
 *
 * <p>What answers to GET hold while they wait for their clients has a bound together. An answer beyond it takes the place of
 * those that have waited longest, if they have waited a second; otherwise its client is asked to come again.
 *
 * <p>{@code waiting} is for every thread, and large answers enter it under {@code making}; {@code heads} belongs to the task that looks once a second.
 */
public final class SlowClients extends Handler.Wrapper {

    private static final Logger LOG = LoggerFactory.getLogger(SlowClients.class);
    private static final String ATTRIBUTE = SlowClients.class.getName();

    /** For the head of a request, the handshake before the first one included; and before what is written has to move. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** After that. */
    private static final long BYTES_PER_SECOND_MIN = 100_000;

    /** Whoever waits for less is only being written to. */
    private static final Duration STEADY = Duration.ofSeconds(1);

    /** Smaller answers are never refused. */
    private static final int LARGE_BYTES = 64 << 10;

    private static final byte[] COME_AGAIN = """
            {"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","reason":"TooManyRequests","code":429,\
            "message":"too many large answers wait for clients that do not read them: try again, or ask for pages \
            with limit","details":{"retryAfterSeconds":1}}""".getBytes(StandardCharsets.UTF_8);

    /** Bytes on their way to a client. */
    private record Waiting(EndPoint client, long bytes, long since, Object identity) {}

    /** A head that is coming, the one after this many requests. */
    private record Head(long requests, long since) {}

    private final LongSupplier nanos;
    private final long bytesMax;
    private final Set<Waiting> waiting = ConcurrentHashMap.newKeySet();
    private final AtomicLong bytes = new AtomicLong();
    private final ReentrantLock making = new ReentrantLock();
    private Map<HttpConnection, Head> heads = new HashMap<>();
    private volatile Optional<Scheduler.Task> next = Optional.empty();

    /**
     * @param nanos what time it is
     * @param bytesMax that answers may hold together while they wait
     */
    public SlowClients(Handler inside, LongSupplier nanos, long bytesMax) {
        super(inside);
        this.nanos = nanos;
        this.bytesMax = bytesMax;
    }

    /** What waits for clients at the moment. */
    public long waitingBytes() {
        return bytes.get();
    }

    /** What is written to the client of this request, which is no HTTP any more, may not wait for ever either. */
    public static OutputStream watched(Request request, EndPoint client, OutputStream out) {
        return request.getAttribute(ATTRIBUTE) instanceof SlowClients clients ? clients.watched(client, out) : out;
    }

    private OutputStream watched(EndPoint client, OutputStream out) {
        return new OutputStream() {
            @Override
            public void write(int one) throws IOException {
                write(new byte[] {(byte) one}, 0, 1);
            }

            @Override
            public void write(byte[] from, int offset, int length) throws IOException {
                Waiting one = begin(client, length);
                try {
                    out.write(from, offset, length);
                } finally {
                    end(one);
                }
            }

            @Override
            public void close() throws IOException {
                out.close();
            }
        };
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        request.setAttribute(ATTRIBUTE, this);
        EndPoint client = request.getConnectionMetaData().getConnection().getEndPoint();
        Response watched = new Response.Wrapper(request, response) {
            @Override
            public void write(boolean last, ByteBuffer content, Callback written) {
                // a write that has been done is not answered with a refusal
                boolean refusable =
                        last && !isCommitted() && request.getMethod().equals("GET");
                int wanted = content == null ? 0 : content.remaining();
                Optional<Waiting> room = refusable && wanted >= LARGE_BYTES
                        ? beginWithRoom(client, wanted)
                        : Optional.of(begin(client, wanted));
                ByteBuffer answer = room.isPresent() ? content : refusal(this);
                Waiting one = room.orElseGet(() -> begin(client, answer.remaining()));
                super.write(last, answer, Callback.from(() -> end(one), written));
            }
        };
        return super.handle(request, watched, callback);
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        schedule();
    }

    @Override
    protected void doStop() throws Exception {
        next.ifPresent(Scheduler.Task::cancel);
        super.doStop();
    }

    private static ByteBuffer refusal(Response response) {
        response.setStatus(429);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        response.getHeaders().put(HttpHeader.RETRY_AFTER, "1");
        response.getHeaders().remove(HttpHeader.CONTENT_LENGTH);
        return ByteBuffer.wrap(COME_AGAIN);
    }

    private Waiting begin(EndPoint client, long count) {
        Waiting one = new Waiting(client, count, nanos.getAsLong(), new Object());
        bytes.addAndGet(count);
        waiting.add(one);
        return one;
    }

    private void end(Waiting one) {
        if (waiting.remove(one)) {
            bytes.addAndGet(-one.bytes());
        }
    }

    /** Empty when an answer of this size may not wait too; one at a time, as two may not have the same room. */
    private Optional<Waiting> beginWithRoom(EndPoint client, int wanted) {
        making.lock();
        try {
            return makeRoom(wanted) ? Optional.of(begin(client, wanted)) : Optional.empty();
        } finally {
            making.unlock();
        }
    }

    private boolean makeRoom(int wanted) {
        if (fits(wanted)) {
            return true;
        }
        long now = nanos.getAsLong();
        waiting.stream()
                .filter(one -> now - one.since() > STEADY.toNanos())
                .sorted(Comparator.comparingLong(one -> one.since() - now))
                .takeWhile(_ -> !fits(wanted))
                .forEach(one -> cut(one, "others need the memory of what it does not read"));
        return fits(wanted);
    }

    private boolean fits(int wanted) {
        long now = bytes.get();
        return now == 0 || now + wanted <= bytesMax;
    }

    private void schedule() {
        next = Optional.of(getServer().getScheduler().schedule(this::look, 1, TimeUnit.SECONDS));
    }

    private void look() {
        try {
            long now = nanos.getAsLong();
            for (Waiting one : waiting) {
                long patience = PATIENCE.toNanos()
                        + Duration.ofMillis(one.bytes() * 1_000 / BYTES_PER_SECOND_MIN)
                                .toNanos();
                if (now - one.since() > patience) {
                    cut(one, "it does not read what it asked for");
                }
            }
            lookAtHeads(now);
        } catch (RuntimeException e) {
            LOG.error("looking for slow clients failed", e);
        } finally {
            if (isRunning()) {
                schedule();
            }
        }
    }

    private void lookAtHeads(long now) {
        Map<HttpConnection, Head> coming = new HashMap<>();
        for (Connector connector : getServer().getConnectors()) {
            for (EndPoint endPoint : connector.getConnectedEndPoints()) {
                Connection connection = endPoint.getConnection() instanceof SslConnection tls
                        ? tls.getSslEndPoint().getConnection()
                        : endPoint.getConnection();
                if (connection instanceof HttpConnection http && readsHead(http)) {
                    long requests = http.getMessagesIn();
                    Head before = heads.get(http);
                    coming.put(
                            http, before != null && before.requests() == requests ? before : new Head(requests, now));
                }
            }
        }
        heads = coming;
        coming.forEach((http, head) -> {
            if (now - head.since() > PATIENCE.toNanos()) {
                close(http.getEndPoint(), "its request does not come to the end of its head");
            }
        });
    }

    /** A connection that has had a request may rest before the next one, as long as it may be idle. */
    private static boolean readsHead(HttpConnection http) {
        return http.getParser().inHeaderState()
                && (http.getMessagesIn() == 0 || !http.getParser().isStart());
    }

    private void cut(Waiting one, String why) {
        close(one.client(), why);
        end(one);
    }

    private static void close(EndPoint client, String why) {
        LOG.info("the connection of {} is ended: {}", client.getRemoteSocketAddress(), why);
        client.close(new TimeoutException(why));
    }
}
