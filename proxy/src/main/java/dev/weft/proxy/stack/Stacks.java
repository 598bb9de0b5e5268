package dev.weft.proxy.stack;

import dev.weft.model.outcome.ErrorCode;
import dev.weft.proxy.exchange.Exchange;
import dev.weft.proxy.exchange.Station;
import dev.weft.proxy.exchange.Stations;
import dev.weft.proxy.message.Passes;

/** The way of a request through each hop, in order, and why each station stands where it does. */
public final class Stacks {

    private Stacks() {}

    /** From outside into the mesh. */
    public static Stations edge() {
        return Stations.of(
                new NameRequest(), // before the first refusal, so that every answer has a name to ask for
                new SignAnswer(), // before the first refusal, which says the same as any answer
                new ShedLoad(), // before anything that takes memory
                new RefuseUnspoken(), // nothing below understands anything but plain requests
                new NormalisePath(), // before anything is decided by path or header
                new RefuseMisdirected(), // the host is known now, and nothing may be learned of it before
                new StripClaims(true), // before anybody reads a header: nobody outside says who he is
                new ShowClient(), // after stripping, what this hop knows for itself
                new RefuseAddress(), // now it is known who the client is
                new JoinTrace(), // before the first refusal that has to do with routes, so that spans show it
                Stacks::pass, // before a rule that would send it round again
                new RouteEdge(), // rules see the head as it is, their edits come on top
                new AnswerPreflight(), // a browser's question costs nobody's share of a limit
                new LimitRate(), // before anything that takes time
                new LimitBody(), // before anybody is sent a part of it
                new InjectFault()); // last: what goes wrong is what would have been sent
    }

    private static boolean pass(Exchange exchange) {
        if (Passes.before(exchange.head().fields()) >= Passes.MAX) {
            return exchange.refuse(
                    ErrorCode.LOOP_DETECTED, "The request has come through an edge " + Passes.MAX + " times.");
        }
        Passes.add(exchange.toServer());
        return true;
    }

    /** A workload's call, on the caller's side. */
    public static Stations outbound() {
        return call(new OpenTunnel(), new RouteMesh());
    }

    /** A workload's call to the one service that an outlet leads to, on the caller's side. */
    public static Stations outlet() {
        return call(new RefuseUnspoken(), new RouteOutlet());
    }

    /** A workload's call to one pod by its address, on the caller's side. */
    public static Stations toPod() {
        return call(new RefuseUnspoken(), new ToApplication());
    }

    private static Stations call(Station tunnels, Station route) {
        return Stations.of(
                new NameRequest(), // a program that starts a chain of calls has no name for it yet
                new StripClaims
                        .ReadDemand(), // a caller's own demand, also of tunnels, before headers of its kind are dropped
                tunnels, // a stream: nothing below looks at it
                new StripClaims(false), // a workload proves who it is with its certificate, not with headers
                new JoinTrace(), // before the first refusal that has to do with routes, so that spans show it
                route,
                new InjectFault()); // at the caller, so that the called workload never sees it
    }

    /** The same call, on the called side. */
    public static Stations inbound() {
        return Stations.of(
                new NameRequest(),
                new RefuseUnspoken(),
                new StripClaims(false), // before the caller's identity is set
                new JoinTrace(), // before access is decided: a refusal belongs into the caller's trace
                new ShowCaller(), // before access is decided, so that a refusal and a pass see the same head
                new Authorize(), // before the program sees anything
                new LimitRate(), // who is refused access costs nobody's share
                new ToApplication());
    }
}
