package dev.weft.proxy.route;

import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.traffic.EdgeStream;
import dev.weft.model.traffic.Frontend;
import dev.weft.model.traffic.ServicePort;
import dev.weft.model.traffic.Snapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * All frontends of one snapshot, indexed: answers in time that grows with the request's bytes, not with the number of
 * routes, and mostly without making an object.
 *
 * <p>Built on the control plane's thread, read by all loops. A frontend that did not change keeps its index, and its
 * splits keep their place, from the table before.
 */
public final class RouteTable {

    /** How often a backend may leave the choice to another frontend. */
    private static final int DELEGATIONS_MAX = 2;

    private final Snapshot snapshot;
    private final Map<Frontend, FrontendRoutes> edge;
    private final Map<ServicePort, FrontendRoutes> mesh;
    private final Map<Frontend, FrontendRoutes> streams;
    private final EdgeNames edgeNames;
    private final MeshNames meshNames;

    private RouteTable(
            Snapshot snapshot,
            Map<Frontend, FrontendRoutes> edge,
            Map<ServicePort, FrontendRoutes> mesh,
            Map<Frontend, FrontendRoutes> streams,
            EdgeNames edgeNames,
            MeshNames meshNames) {
        this.snapshot = snapshot;
        this.edge = edge;
        this.mesh = mesh;
        this.streams = streams;
        this.edgeNames = edgeNames;
        this.meshNames = meshNames;
    }

    /** A table without a frontend, to start from. */
    public static RouteTable empty() {
        return new RouteTable(
                Snapshot.EMPTY,
                Map.of(),
                Map.of(),
                Map.of(),
                new EdgeNames(List.of(), Map.of()),
                new MeshNames(Map.of()));
    }

    /**
     * The table of a newer snapshot.
     *
     * @param loops how many event loops will ask; they number themselves from 0
     * @param random where each loop's share of a split starts
     */
    public RouteTable next(Snapshot newer, int loops, RandomGenerator random) {
        boolean sameEdge = newer.edgeFrontends().equals(snapshot.edgeFrontends());
        boolean sameMesh = newer.meshFrontends().equals(snapshot.meshFrontends());
        Map<Frontend, FrontendRoutes> nextEdge = sameEdge ? edge : edge(newer, loops, random);
        Map<ServicePort, FrontendRoutes> nextMesh = sameMesh ? mesh : mesh(newer, loops, random);
        EdgeNames nextEdgeNames = sameEdge ? edgeNames : new EdgeNames(newer.edgeFrontends(), nextEdge);
        return new RouteTable(
                newer,
                nextEdge,
                nextMesh,
                streams(newer, loops, random),
                nextEdgeNames,
                sameMesh ? meshNames : new MeshNames(nextMesh));
    }

    /** The snapshot that this table was made of. */
    public Snapshot snapshot() {
        return snapshot;
    }

    /** The edge's frontend for the request's host. */
    public Optional<FrontendRoutes> edge(HeadView head) {
        return edgeNames.find(head);
    }

    /** The frontend that a call from this namespace names. */
    public Optional<FrontendRoutes> mesh(String callerNamespace, HeadView head) {
        return meshNames.find(callerNamespace, head);
    }

    /**
     * Decides a request from outside.
     *
     * @param loop the number of the loop that asks
     */
    public Routing routeEdge(HeadView head, int loop) {
        Optional<FrontendRoutes> frontend = edgeNames.find(head);
        if (frontend.isEmpty()) {
            return new Routing.Refusal(
                    ErrorCode.HOST_UNKNOWN,
                    "No frontend is declared for host \"" + head.authority() + "\".",
                    Optional.empty());
        }
        return route(frontend.get(), head, loop);
    }

    /**
     * Decides a workload's call.
     *
     * @param callerNamespace where short names are looked up
     * @param loop the number of the loop that asks
     */
    public Routing routeMesh(String callerNamespace, HeadView head, int loop) {
        Optional<FrontendRoutes> frontend = meshNames.find(callerNamespace, head);
        if (frontend.isEmpty()) {
            return new Routing.Refusal(
                    ErrorCode.SERVICE_UNKNOWN, meshNames.unknown(callerNamespace, head), Optional.empty());
        }
        return route(frontend.get(), head, loop);
    }

    /**
     * Decides a request that came for this service port, whatever host it names.
     *
     * @param loop the number of the loop that asks
     */
    public Routing routeService(ServicePort servicePort, HeadView head, int loop) {
        FrontendRoutes frontend = mesh.get(servicePort);
        return frontend == null ? gone(servicePort) : route(frontend, head, loop);
    }

    /** The service port that a call from this namespace names; empty when there is none. */
    public Optional<ServicePort> servicePort(String callerNamespace, HeadView head) {
        Optional<FrontendRoutes> named = meshNames.find(callerNamespace, head);
        return mesh.entrySet().stream()
                .filter(entry -> named.equals(Optional.of(entry.getValue())))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** Why {@link #servicePort} found nothing, one sentence. */
    public String unknown(String callerNamespace, HeadView head) {
        return meshNames.unknown(callerNamespace, head);
    }

    /** Decides an opaque stream to this service port. */
    public Routing routeStream(ServicePort servicePort, int loop) {
        FrontendRoutes frontend = mesh.get(servicePort);
        return frontend == null ? gone(servicePort) : routeStream(frontend, loop);
    }

    /** Decides an opaque stream from outside. */
    public Routing routeStream(EdgeStream stream, int loop) {
        FrontendRoutes frontend = streams.get(stream.frontend());
        return frontend == null
                ? new Routing.Refusal(ErrorCode.ROUTE_NOT_FOUND, "The stream is no longer declared.", Optional.empty())
                : routeStream(frontend, loop);
    }

    private static Routing gone(ServicePort servicePort) {
        return new Routing.Refusal(
                ErrorCode.SERVICE_UNKNOWN, "No Service declares " + servicePort + ".", Optional.empty());
    }

    private Routing routeStream(FrontendRoutes first, int loop) {
        FrontendRoutes frontend = first;
        for (int i = 0; i <= DELEGATIONS_MAX; i++) {
            Optional<Route> route = frontend.streamRoute();
            if (route.isEmpty()) {
                return new Routing.Refusal(
                        ErrorCode.ROUTE_NOT_FOUND,
                        "No rule of frontend " + frontend.frontend().name() + " takes opaque streams.",
                        Optional.empty());
            }
            if (route.get().answer().isPresent()) {
                return route.get().answer().get();
            }
            int chosen = route.get().choose(loop);
            Optional<ServicePort> delegate = route.get().delegate(chosen);
            FrontendRoutes next = delegate.map(mesh::get).orElse(null);
            if (delegate.isPresent() && next == null) {
                return refusal(route.get(), "It sends to " + delegate.get() + ", which no Service declares.");
            }
            if (next == null) {
                return route.get().routing(chosen);
            }
            frontend = next;
        }
        return new Routing.Refusal(ErrorCode.BACKEND_INVALID, "Too many delegations.", Optional.empty());
    }

    private Routing route(FrontendRoutes frontend, HeadView head, int loop) {
        Optional<Route> matched = frontend.route(head);
        if (matched.isEmpty()) {
            return noRule(frontend, head);
        }
        Route route = matched.get();
        if (route.answer().isPresent()) {
            return route.answer().get();
        }
        int chosen = route.choose(loop);
        Optional<ServicePort> delegate = route.delegate(chosen);
        return delegate.isEmpty() ? route.routing(chosen) : delegated(route, delegate.get(), head, loop);
    }

    /** The rare way: a backend leaves the choice to a mesh frontend, which may leave it to one more. */
    private Routing delegated(Route first, ServicePort to, HeadView head, int loop) {
        List<Route> delegates = new ArrayList<>(DELEGATIONS_MAX);
        HeadEdits edits = first.edits();
        ServicePort servicePort = to;
        while (delegates.size() < DELEGATIONS_MAX) {
            FrontendRoutes frontend = mesh.get(servicePort);
            if (frontend == null) {
                return refusal(
                        first, first.rule().source() + " sends to " + servicePort + ", which no Service declares.");
            }
            Optional<Route> matched = frontend.route(RewrittenHead.of(head, edits));
            if (matched.isEmpty()) {
                return noRule(frontend, head);
            }
            Route route = matched.get();
            if (route.answer().isPresent()) {
                return route.answer().get();
            }
            delegates.add(route);
            edits = edits.then(route.edits());
            int chosen = route.choose(loop);
            Optional<ServicePort> next = route.delegate(chosen);
            if (next.isEmpty()) {
                return through(first, delegates, edits, route.routing(chosen));
            }
            servicePort = next.get();
        }
        return refusal(
                first,
                first.rule().source() + " leaves the choice of a backend to others more than " + DELEGATIONS_MAX
                        + " times.");
    }

    private static Routing through(Route first, List<Route> delegates, HeadEdits edits, Routing last) {
        return switch (last) {
            case Routing.Forward forward -> new Routing.Forward(first, delegates, forward.servicePort(), edits);
            case Routing.Redirect redirect -> redirect;
            case Routing.Answer answer -> answer;
            case Routing.Refusal refusal -> refusal;
        };
    }

    private static Routing refusal(Route route, String reason) {
        return new Routing.Refusal(ErrorCode.BACKEND_INVALID, reason, route.found());
    }

    private static Routing noRule(FrontendRoutes frontend, HeadView head) {
        return new Routing.Refusal(
                ErrorCode.ROUTE_NOT_FOUND,
                "No rule of frontend " + frontend.frontend().name() + " matches " + head.method() + " " + head.path()
                        + ".",
                Optional.empty());
    }

    private Map<Frontend, FrontendRoutes> edge(Snapshot newer, int loops, RandomGenerator random) {
        Map<Frontend, FrontendRoutes> next = new HashMap<>();
        for (Frontend frontend : newer.edgeFrontends()) {
            next.put(frontend, kept(edge.get(frontend), frontend, loops, random));
        }
        return next;
    }

    private Map<Frontend, FrontendRoutes> streams(Snapshot newer, int loops, RandomGenerator random) {
        Map<Frontend, FrontendRoutes> next = new HashMap<>();
        newer.edge()
                .forEach(listener -> listener.streams().stream()
                        .map(EdgeStream::frontend)
                        .forEach(frontend -> next.put(frontend, kept(streams.get(frontend), frontend, loops, random))));
        return next;
    }

    private Map<ServicePort, FrontendRoutes> mesh(Snapshot newer, int loops, RandomGenerator random) {
        Map<ServicePort, FrontendRoutes> next = new HashMap<>();
        newer.meshFrontends()
                .forEach((servicePort, frontend) ->
                        next.put(servicePort, kept(mesh.get(servicePort), frontend, loops, random)));
        return next;
    }

    private static FrontendRoutes kept(
            @Nullable FrontendRoutes before, Frontend frontend, int loops, RandomGenerator random) {
        return before != null && before.frontend().equals(frontend)
                ? before
                : new FrontendRoutes(frontend, loops, random);
    }
}
