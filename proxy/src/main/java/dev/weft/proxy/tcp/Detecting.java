package dev.weft.proxy.tcp;

import dev.weft.http.transport.Closure;
import dev.weft.http.transport.Connection;
import dev.weft.http.transport.ConnectionHandler;
import dev.weft.http.transport.Received;
import dev.weft.model.outcome.ProtocolVerdict;
import dev.weft.model.outcome.ProtocolVerdict.Protocol;
import dev.weft.model.outcome.ProtocolVerdict.Reason;
import dev.weft.model.traffic.DeclaredProtocol;
import dev.weft.model.traffic.EndpointGroup;
import dev.weft.model.traffic.ServicePort;
import dev.weft.proxy.exchange.Entrance;
import dev.weft.proxy.exchange.Worker;
import dev.weft.proxy.relay.Detected;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a service port whose protocol is what was declared, or what the bytes say. While the client is silent the
 * server is dialled, so that a server that speaks first is heard at once; when the client turns out to speak HTTP, that
 * line is dropped unused. Owner: the connection's loop.
 */
final class Detecting implements ConnectionHandler, Stream.Early {

    private static final byte[] HTTP = "HTTP/".getBytes(StandardCharsets.US_ASCII);

    private final Worker worker;
    private final Entrance entrance;
    private final ServicePort servicePort;
    private final Learned learned;
    private final FirstBytes first = new FirstBytes();
    private @Nullable Connection client;
    private @Nullable Stream early;
    private boolean dialled;
    private boolean clientEnded;

    Detecting(Worker worker, Entrance entrance, ServicePort servicePort, Learned learned) {
        this.worker = worker;
        this.entrance = entrance;
        this.servicePort = servicePort;
        this.learned = learned;
    }

    @Override
    public void opened(Connection connection) {
        client = connection;
        connection.allowHalfClose(true);
        EndpointGroup group = worker.view().snapshot().groups().get(servicePort);
        DeclaredProtocol declared = group == null ? DeclaredProtocol.NONE : group.protocol();
        switch (declared.kind()) {
            case HTTP1 -> decide(new ProtocolVerdict(Protocol.HTTP1, Reason.DECLARED), "");
            case HTTP2 -> decide(new ProtocolVerdict(Protocol.HTTP2, Reason.DECLARED), "");
            case OPAQUE -> decide(new ProtocolVerdict(Protocol.OPAQUE, Reason.DECLARED), "");
            case DETECT -> {
                long patience = learned.patienceNanos(servicePort);
                if (patience == 0) {
                    dialEarly();
                } else {
                    connection.deadline(System.nanoTime() + patience);
                }
            }
        }
    }

    @Override
    public void received(Received bytes) {
        Optional<Detected> found = first.add(bytes);
        if (found.isPresent()) {
            found(found.get());
        } else {
            client().deadline(first.deadline());
        }
    }

    @Override
    public void timedOut() {
        if (first.length() > 0) {
            found(first.afterPause());
        } else if (!dialled) {
            dialEarly();
        }
    }

    private void dialEarly() {
        dialled = true;
        Stream stream = stream();
        early = stream;
        stream.dialEarly(this);
    }

    @Override
    public void inputEnded() {
        clientEnded = true;
        found(new Detected(
                first.length() == 0
                        ? new ProtocolVerdict(Protocol.OPAQUE, Reason.PAUSE)
                        : first.afterPause().verdict(),
                ""));
    }

    @Override
    public void serverSpoke(Received bytes, int from) {
        ProtocolVerdict verdict = new ProtocolVerdict(Protocol.OPAQUE, Reason.SERVER_FIRST);
        if (!complains(bytes, from)) {
            learned.learn(servicePort, verdict);
        }
        decide(verdict, "");
    }

    /** A server of HTTP that grew tired of a silent client. */
    private static boolean complains(Received bytes, int from) {
        byte[] start = new byte[Math.min(HTTP.length, bytes.length() - from)];
        bytes.copy(from, from + start.length, start, 0);
        return Arrays.equals(start, HTTP);
    }

    @Override
    public void lineLost(boolean byServer) {
        if (byServer && first.length() == 0) {
            decide(new ProtocolVerdict(Protocol.OPAQUE, Reason.SERVER_FIRST), "");
            return;
        }
        Stream dialledEarly = early;
        early = null; // the client may still say something that goes another way
        if (dialledEarly != null) {
            dialledEarly.abandon();
        }
    }

    private void found(Detected detected) {
        if (first.length() > 0) {
            learned.learn(servicePort, detected.verdict());
        }
        decide(detected.verdict(), detected.serverName());
    }

    private void decide(ProtocolVerdict verdict, String serverName) {
        Connection open = client();
        worker.outcomes().protocolFound(entrance.hop(), entrance.reporter(), Optional.of(servicePort), verdict);
        Stream dialledEarly = early;
        early = null;
        switch (verdict.protocol()) {
            case HTTP1, HTTP2 -> {
                if (dialledEarly != null) {
                    dialledEarly.abandon();
                }
                Doors.requests(worker, entrance, open, Optional.of(verdict), first.bytes(), first.length());
            }
            case TLS, OPAQUE -> {
                Stream stream = dialledEarly == null ? stream() : dialledEarly;
                stream.proceed(verdict, serverName, first.bytes(), first.length(), clientEnded);
            }
        }
    }

    private Stream stream() {
        return new Stream(
                worker,
                entrance,
                client(),
                Manner.SILENT,
                Optional.empty(),
                Ways.of(worker, entrance, servicePort),
                Optional.of(servicePort));
    }

    private Connection client() {
        Connection open = client;
        if (open == null) {
            throw new IllegalStateException("not open");
        }
        return open;
    }

    @Override
    public void writabilityChanged() {}

    @Override
    public void closed(Closure closure) {
        Stream dialledEarly = early;
        early = null;
        if (dialledEarly != null) {
            dialledEarly.abandon();
        }
    }
}
