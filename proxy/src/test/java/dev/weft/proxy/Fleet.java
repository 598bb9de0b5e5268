package dev.weft.proxy;

import dev.weft.model.policy.RetryPolicy;
import dev.weft.model.policy.Timeouts;
import dev.weft.model.traffic.Backend;
import dev.weft.model.traffic.DeclaredProtocol;
import dev.weft.model.traffic.Endpoint;
import dev.weft.model.traffic.EndpointGroup;
import dev.weft.model.traffic.Frontend;
import dev.weft.model.traffic.RouteFilter;
import dev.weft.model.traffic.Rule;
import dev.weft.model.traffic.WeightedBackend;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Services of each kind behind one edge port, of three pods each, that may change while they are called; and of each kind one
 * called {@code held-…}, with a pod that nobody restarts, for what lasts.
 */
final class Fleet {

    static final int PODS = 3;
    private static final int HELD = PODS;
    private static final String CALLER = "127.1.0.1";
    private static final Duration DRAIN = Duration.ofMillis(300); // the runtime's

    private final Stage stage;
    private final int edge = Ports.free();
    private final int outbound = Ports.free();
    private final int outlet = Ports.free();
    private final int heldOutlet = Ports.free();
    private final Map<Kind, Pod[]> pods = new EnumMap<>(Kind.class);

    /** What the programs have taken. */
    final AtomicInteger gets = new AtomicInteger();

    final AtomicInteger posts = new AtomicInteger();
    final AtomicInteger said = new AtomicInteger();

    /** What a service's programs speak. */
    private enum Kind {
        /** HTTP/1.1, and what follows a WebSocket's handshake. */
        QUOTE(DeclaredProtocol.Kind.HTTP1, 10),
        /** gRPC. */
        CALL(DeclaredProtocol.Kind.HTTP2, 20),
        /** Bytes, which come back. */
        ECHO(DeclaredProtocol.Kind.OPAQUE, 30);

        private final DeclaredProtocol.Kind declared;
        private final int firstAddress;

        Kind(DeclaredProtocol.Kind declared, int firstAddress) {
            this.declared = declared;
            this.firstAddress = firstAddress;
        }

        private String service() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private record Pod(String name, String address, int inbound, Closeable program) {
        Endpoint endpoint() {
            return new Endpoint(address, inbound, Optional.of(Scene.workload(name)), Endpoint.Transport.MESH);
        }
    }

    private record Program(int port, Closeable server) {}

    Fleet(Stage stage) {
        this.stage = stage;
    }

    void open() throws IOException {
        stage.scene
                .edge(edge)
                .pod("hello", CALLER, outbound, Ports.free(), 1)
                .outlet("hello", outlet, "echo")
                .outlet("hello", heldOutlet, "held-echo");
        for (Kind kind : Kind.values()) {
            pods.put(kind, new Pod[PODS + 1]);
            for (int number = 0; number <= HELD; number++) {
                start(kind, number);
            }
            route(kind.service());
            route("held-" + kind.service());
            group("held-" + kind.service(), kind, List.of(of(kind)[HELD].endpoint()));
        }
        endpoints();
        stage.show();
    }

    private Pod[] of(Kind kind) {
        return Objects.requireNonNull(pods.get(kind));
    }

    private void route(String service) {
        stage.scene.host(
                service + ".test",
                service,
                Timeouts.ofRequest(Duration.ZERO),
                RetryPolicy.DEFAULT,
                new RouteFilter.AllowUpgrade(List.of("websocket")));
    }

    /** With a rule that lets a call last. */
    private void group(String service, Kind kind, List<Endpoint> endpoints) {
        Rule rule = new Rule(
                "all",
                Scene.SOURCE,
                List.of(),
                List.of(),
                List.of(new WeightedBackend(new Backend.Service(Scene.service(service)), 1)),
                Timeouts.ofRequest(Duration.ZERO),
                RetryPolicy.DEFAULT);
        stage.scene
                .group(service, endpoints.toArray(Endpoint[]::new))
                .speaks(service, kind.declared, EndpointGroup.STREAM_IDLE)
                .mesh(new Frontend(service, Scene.SOURCE, List.of(), List.of(rule)));
    }

    /** Opens the pod's listener and starts its program; nobody is sent there yet. */
    private void start(Kind kind, int number) throws IOException {
        String name = kind.service() + number;
        String address = "127.1.0." + (kind.firstAddress + number);
        Program program = program(kind);
        Pod pod = new Pod(name, address, Ports.free(), stage.closing(program.server()));
        of(kind)[number] = pod;
        stage.scene.pod(name, address, Ports.free(), pod.inbound(), program.port());
    }

    private Program program(Kind kind) throws IOException {
        return switch (kind) {
            case QUOTE -> {
                Upstream quote = new Upstream(this::quote);
                yield new Program(quote.port(), quote);
            }
            case CALL -> {
                GrpcEcho echo = new GrpcEcho(said);
                yield new Program(echo.port(), echo);
            }
            case ECHO -> {
                Upstream echo = new Upstream(
                        (peer, _) -> peer.in().transferTo(peer.socket().getOutputStream()));
                yield new Program(echo.port(), echo);
            }
        };
    }

    private void quote(Client peer, int connection) throws IOException {
        while (true) {
            String head = peer.readHead();
            if (head.startsWith("GET /chat ")) {
                peer.send("HTTP/1.1 101 Switching Protocols|Connection: Upgrade|Upgrade: websocket||");
                peer.in().transferTo(peer.socket().getOutputStream());
                return;
            }
            boolean post = head.startsWith("POST");
            peer.read(post ? 3 : 0);
            (post ? posts : gets).incrementAndGet();
            LockSupport.parkNanos(3_000_000);
            peer.send("HTTP/1.1 200 OK|Content-Length: 5||hello");
        }
    }

    /** Has every service's ready endpoints be all its pods but the one of this number. */
    void endpointsWithout(int left) {
        for (Kind kind : Kind.values()) {
            List<Endpoint> ready = new ArrayList<>();
            for (int number = 0; number < PODS; number++) {
                if (number != left) {
                    ready.add(of(kind)[number].endpoint());
                }
            }
            group(kind.service(), kind, ready);
        }
    }

    void endpoints() {
        endpointsWithout(-1);
    }

    /** As the runtime ends a pod of each service: it leaves the endpoints, what is under way ends, then it is gone. */
    void restart(int number) throws IOException {
        endpointsWithout(number);
        stage.show();
        LockSupport.parkNanos(DRAIN.toNanos());
        for (Kind kind : Kind.values()) {
            Pod old = of(kind)[number];
            Stage.await(() -> stage.proxy.inFlight("default/" + old.name() + "-1") == 0);
            stage.scene.noPod(old.name());
        }
        stage.show();
        for (Kind kind : Kind.values()) {
            of(kind)[number].program().close();
            start(kind, number);
        }
        stage.show();
        endpoints();
        stage.show();
    }

    /** Some of each kind of caller, which together make so many requests a second, beside their streams. */
    List<Load.Part> callers(int requestsPerSecond) {
        List<Load.Part> parts = new ArrayList<>();
        int each = Math.max(1, requestsPerSecond / 20); // 8 callers with two requests at a time, 4 with one
        for (int i = 0; i < 2; i++) {
            Callers.Target edgeQuote = atTheEdge("quote");
            Callers.Target meshQuote = inTheMesh("quote");
            parts.add(requests("http/1.1 at the edge", each, () -> Callers.http1(edgeQuote)));
            parts.add(requests("http/1.1 in the mesh", each, () -> Callers.http1(meshQuote)));
            parts.add(requests("http/2 at the edge", each, () -> Callers.http2(edgeQuote)));
            parts.add(requests("http/2 in the mesh", each, () -> Callers.http2(meshQuote)));
            parts.add(requests("grpc at the edge", each, () -> grpc(atTheEdge("call"))));
            parts.add(requests("grpc in the mesh", each, () -> grpc(inTheMesh("call"))));
        }
        parts.add(stream("tcp", () -> Callers.tcp(new Callers.Target(CALLER, heldOutlet, ""))));
        parts.add(stream("websocket at the edge", () -> Callers.webSocket(atTheEdge("held-quote"))));
        parts.add(stream("websocket in the mesh", () -> Callers.webSocket(inTheMesh("held-quote"))));
        parts.add(call("call that lasts, at the edge", () -> chat(atTheEdge("held-call"))));
        parts.add(call("call that lasts, in the mesh", () -> chat(inTheMesh("held-call"))));
        parts.add(brief("brief tcp", () -> Callers.tcp(new Callers.Target(CALLER, outlet, ""))));
        parts.add(brief("brief websocket at the edge", () -> Callers.webSocket(atTheEdge("quote"))));
        parts.add(brief("brief call in the mesh", () -> chat(inTheMesh("call"))));
        return parts;
    }

    private Callers.Target atTheEdge(String service) {
        return new Callers.Target("127.0.0.1", edge, service + ".test");
    }

    private Callers.Target inTheMesh(String service) {
        return new Callers.Target(CALLER, outbound, service);
    }

    private static Load.Caller grpc(Callers.Target to) {
        return GrpcEcho.calls(to.address(), to.port(), to.host());
    }

    private static Load.Caller chat(Callers.Target to) {
        return GrpcEcho.chat(to.address(), to.port(), to.host());
    }

    private static Load.Part requests(String name, int perSecond, Load.Opening opening) {
        return new Load.Part(name, perSecond, false, opening);
    }

    /** It trusts whom it trusted when it began, so it has to begin anew before an anchor goes. */
    private static Load.Part stream(String name, Load.Opening opening) {
        return new Load.Part(name, 20, true, opening);
    }

    /** A request under way, which nothing but its ends may end. */
    private static Load.Part call(String name, Load.Opening opening) {
        return new Load.Part(name, 20, false, opening);
    }

    private static Load.Part brief(String name, Load.Opening stream) {
        return new Load.Part(name, 5, true, () -> Callers.brief(10, stream));
    }
}
