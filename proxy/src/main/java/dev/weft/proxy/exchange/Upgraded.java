package dev.weft.proxy.exchange;

import dev.weft.http.transport.Connection;
import dev.weft.model.outcome.Attempt;
import dev.weft.model.outcome.ConnectionOutcome;
import dev.weft.model.outcome.Decision;
import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.outcome.Hop;
import dev.weft.model.outcome.ProtocolVerdict;
import dev.weft.model.outcome.Trace;
import dev.weft.model.traffic.Endpoint;
import dev.weft.model.traffic.EndpointGroup;
import dev.weft.model.traffic.ServicePort;
import dev.weft.model.workload.WorkloadIdentity;
import dev.weft.proxy.access.Authorizer;
import dev.weft.proxy.limit.Permit;
import dev.weft.proxy.relay.FrameReader;
import dev.weft.proxy.relay.OpenStream;
import dev.weft.proxy.relay.Relay;
import dev.weft.proxy.relay.StreamRelay;
import dev.weft.proxy.route.Routing;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Two connections after a 101: whatever comes is passed on both ways. Between two proxies it goes in frames, so that a
 * half-close passes. Owner: the connections' loop. The request itself has ended, with its own outcome.
 */
final class Upgraded implements OpenStream {

    private static final Logger LOG = LoggerFactory.getLogger(Upgraded.class);
    private static final byte[] NOTHING = {};
    private static final ProtocolVerdict VERDICT =
            new ProtocolVerdict(ProtocolVerdict.Protocol.OPAQUE, ProtocolVerdict.Reason.ASKED);

    private final Worker worker;
    private final Try tried;

    /** The connection counts while it lasts. */
    private final List<Permit> permits;

    private final ConnectionOutcome.Ends ends;
    private final Instant startedAt = Instant.now();
    private final long startNanos = System.nanoTime();
    private final Attempt attempt;
    private final String id;
    private final Optional<Trace> trace;
    private final Entrance entrance;
    private List<Connection> connections = List.of();
    private BiConsumer<ErrorCode, String> cancel = (_, _) -> {};

    private Upgraded(Exchange exchange, Caller caller, Try tried, Optional<ServicePort> service) {
        this.worker = exchange.worker();
        this.id = exchange.requestId();
        this.trace = exchange.record()
                .trace()
                .map(parent -> new Trace(
                        parent.high(), parent.low(), worker.random().nextLong() | 1, parent.span(), parent.state()));
        this.entrance = caller.entrance();
        this.tried = tried;
        this.permits = exchange.sending().admission().handOver();
        this.attempt = tried.attempt(Optional.empty(), startNanos);
        this.ends = new ConnectionOutcome.Ends(
                entrance.hop(),
                entrance.reporter(),
                entrance.name(),
                caller.peer(),
                Optional.of(tried.peer()),
                Optional.of(tried.endpoint()),
                service);
    }

    /**
     * The endpoint agreed to another protocol, and the client was told: the request is over, and both connections pass on
     * what comes until both sides are done.
     *
     * @param rest what the endpoint said after its head
     */
    static void begin(Exchange exchange, Try from, byte[] rest) {
        Connection server = from.handOver();
        if (server == null) {
            throw new IllegalStateException("only HTTP/1.1 connections switch");
        }
        exchange.sending().over(from, Optional.empty());
        Client client = exchange.client();
        Optional<ServicePort> service = exchange.routed().map(Routing.Forward::servicePort);
        Upgraded upgraded = new Upgraded(exchange, client.caller(), from, service);
        if (client.multiplexed()) {
            exchange.finish();
            upgraded.begin(client.stream(), server, rest);
            return;
        }
        Client.Handed handed = client.handOver();
        exchange.finish();
        upgraded.begin(handed.connection(), handed.rest(), server, rest);
    }

    private void begin(Connection client, byte[] clientRest, Connection server, byte[] serverRest) {
        boolean framed = tried.endpoint().transport() == Endpoint.Transport.MESH;
        Relay relay = new Relay(
                client,
                ends.hop() == Hop.INBOUND ? Optional.of(new FrameReader()) : Optional.empty(),
                server,
                framed ? Optional.of(new FrameReader()) : Optional.empty(),
                idle(),
                this::ended);
        began(List.of(client, server), relay::cancel);
        relay.begin(NOTHING, 0, false);
        client.replay(clientRest, clientRest.length);
        server.replay(serverRest, serverRest.length);
    }

    private void begin(StreamRelay.Stream client, Connection server, byte[] rest) {
        boolean framed = tried.endpoint().transport() == Endpoint.Transport.MESH;
        Optional<FrameReader> frames = framed ? Optional.of(new FrameReader()) : Optional.empty();
        StreamRelay relay = new StreamRelay(client, server, frames, idle(), this::ended);
        began(List.of(server), relay::cancel);
        relay.begin(rest);
    }

    /** It is judged by its caller alone: the request has gone, and with it what rules about requests are asked about. */
    @Override
    public String denied() {
        Authorizer policy = worker.view()
                .authorizers()
                .get(entrance.inbound().map(Entrance.Inbound::pod).orElse(""));
        Optional<WorkloadIdentity> caller = ends.client().identity();
        return policy == null || caller.isEmpty() || policy.mayCall(caller.get())
                ? ""
                : "no TrafficTarget names " + caller.get() + " any more";
    }

    @Override
    public List<Connection> ends() {
        return connections;
    }

    @Override
    public void cancel(ErrorCode error, String detail) {
        cancel.accept(error, detail);
    }

    private void began(List<Connection> open, BiConsumer<ErrorCode, String> by) {
        connections = open;
        cancel = by;
        worker.remember(this);
        worker.streamBegan(entrance);
        if (ends.hop() != Hop.INBOUND) {
            ends.service().ifPresent(service -> tell(() -> worker.outcomes().routed(service.service())));
        }
        tell(() -> worker.outcomes().established(ends));
    }

    private Duration idle() {
        return ends.service()
                .map(service -> worker.view().snapshot().groups().get(service))
                .map(EndpointGroup::streamIdle)
                .orElse(EndpointGroup.STREAM_IDLE);
    }

    private void ended(Relay.Ended how) {
        worker.streamEnded(entrance);
        worker.forget(this);
        tried.giveBack();
        permits.forEach(Permit::release);
        ConnectionOutcome outcome = new ConnectionOutcome(
                id,
                ends,
                true,
                VERDICT,
                "",
                List.of(attempt),
                how.clientBytes(),
                how.serverBytes(),
                how.by(),
                how.error(),
                how.detail(),
                startedAt,
                0,
                0,
                System.nanoTime() - startNanos,
                how.error()
                        .map(error -> List.of(new Decision("end", error.code() + ": " + how.detail())))
                        .orElse(List.of()),
                trace,
                worker.view().snapshot().version());
        tell(() -> worker.outcomes().ended(outcome));
    }

    private static void tell(Runnable listener) {
        try {
            listener.run();
        } catch (RuntimeException e) {
            LOG.error("a listener failed on a connection", e); // the connection itself is well
        }
    }
}
