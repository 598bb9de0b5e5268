package dev.weft.proxy.tcp;

import dev.weft.model.outcome.Decision;
import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.outcome.Peer;
import dev.weft.model.traffic.EdgeStream;
import dev.weft.model.traffic.EndpointGroup;
import dev.weft.model.traffic.ServicePort;
import dev.weft.proxy.access.Access;
import dev.weft.proxy.access.Authorizer;
import dev.weft.proxy.exchange.Entrance;
import dev.weft.proxy.exchange.Programs;
import dev.weft.proxy.exchange.View;
import dev.weft.proxy.exchange.Worker;
import dev.weft.proxy.route.Route;
import dev.weft.proxy.route.Routing;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Asks routes and policy where a stream goes. */
final class Ways {

    private Ways() {}

    /** Of a stream to a service port, from inside the mesh. */
    static Way to(Worker worker, ServicePort servicePort) {
        View view = worker.view();
        return way(view, view.routes().routeStream(servicePort, worker.number()), Optional.empty());
    }

    /** Of a stream from inside the mesh that came in here: to one pod, where the entrance leads to it, or to a service port. */
    static Way of(Worker worker, Entrance entrance, ServicePort servicePort) {
        Optional<Entrance.Inbound> pod = entrance.inbound();
        return pod.isPresent()
                ? new Way.Address(
                        servicePort,
                        pod.get().application(),
                        List.of(new Decision(
                                "route", "the address of pod " + pod.get().pod())))
                : to(worker, servicePort);
    }

    /** Of a stream from outside. */
    static Way to(Worker worker, EdgeStream stream) {
        View view = worker.view();
        return way(view, view.routes().routeStream(stream, worker.number()), Optional.of(stream.idleTimeout()));
    }

    private static Way way(View view, Routing routing, Optional<Duration> idle) {
        return switch (routing) {
            case Routing.Forward forward -> {
                EndpointGroup group = view.snapshot().groups().get(forward.servicePort());
                yield new Way.Balanced(
                        forward.servicePort(),
                        forward.route().rule(),
                        idle.orElse(group == null ? EndpointGroup.STREAM_IDLE : group.streamIdle()),
                        forward.timeouts().connect(),
                        List.of(
                                new Decision("route", named(forward.route())),
                                new Decision("backend", "service " + forward.servicePort())));
            }
            case Routing.Redirect _ ->
                new Way.Closed(ErrorCode.ROUTE_NOT_FOUND, "The rule redirects, which no opaque stream can follow.");
            case Routing.Answer _ ->
                new Way.Closed(ErrorCode.ROUTE_NOT_FOUND, "The rule answers itself, which no opaque stream can take.");
            case Routing.Refusal refusal ->
                new Way.Closed(
                        refusal.error(),
                        refusal.reason(),
                        refusal.route()
                                .map(route -> List.of(new Decision("route", named(route))))
                                .orElse(List.of()));
        };
    }

    private static String named(Route route) {
        return "frontend " + route.frontend().name() + ", rule " + route.rule().name() + " of "
                + route.rule().source();
    }

    /**
     * Of a stream that another proxy brings: to the program, when its policy allows the caller and nothing that holds for
     * its requests would be passed by.
     */
    static Way inbound(Worker worker, Entrance.Inbound inbound, Peer client) {
        return switch (access(worker, inbound.pod(), inbound.servicePort().port(), client)) {
            case Access.Denied denied ->
                new Way.Closed(
                        ErrorCode.ACCESS_DENIED, denied.reason(), List.of(new Decision("authorize", denied.reason())));
            case Access.Allowed allowed -> {
                Programs programs = worker.view().programs();
                List<Decision> decisions = List.of(new Decision("authorize", allowed.by()));
                Optional<String> refused = programs.refusesStreams(inbound);
                yield refused.isPresent()
                        ? new Way.Closed(
                                ErrorCode.STREAM_REFUSED,
                                refused.get(),
                                List.of(decisions.getFirst(), new Decision("streams", refused.get())))
                        : new Way.Direct(
                                inbound.servicePort(),
                                inbound.application(),
                                EndpointGroup.STREAM_IDLE,
                                inbound.pod(),
                                programs.isOpaque(inbound),
                                decisions);
            }
        };
    }

    /** Why the policy of now does not allow a stream that was allowed once; empty when it does. */
    static String denied(Worker worker, Way.Direct way, Peer client) {
        return switch (access(worker, way.pod(), way.servicePort().port(), client)) {
            case Access.Denied denied -> denied.reason();
            case Access.Allowed _ -> "";
        };
    }

    /** Whether the pod's policy lets this caller open a stream. */
    private static Access access(Worker worker, String pod, int port, Peer client) {
        if (client.identity().isEmpty()) {
            return new Access.Denied("the caller's certificate names no workload of the mesh");
        }
        Authorizer policy = worker.view().authorizers().get(pod);
        return policy == null
                ? new Access.Allowed("no policy: every workload of the mesh may call it")
                : policy.decideStream(client.identity().get(), port);
    }
}
