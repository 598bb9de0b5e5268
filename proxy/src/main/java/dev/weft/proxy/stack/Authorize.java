package dev.weft.proxy.stack;

import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.workload.WorkloadIdentity;
import dev.weft.proxy.access.Access;
import dev.weft.proxy.access.Authorizer;
import dev.weft.proxy.exchange.Entrance;
import dev.weft.proxy.exchange.Exchange;
import dev.weft.proxy.exchange.Station;
import java.util.Optional;

/** Lets a request pass that the called pod's policy allows; a pod without a policy is open to the mesh. */
final class Authorize implements Station {

    @Override
    public boolean pass(Exchange exchange) {
        Optional<WorkloadIdentity> caller = exchange.clientPeer().identity();
        if (caller.isEmpty()) {
            return exchange.refuse(ErrorCode.ACCESS_DENIED, "The caller's certificate names no workload of the mesh.");
        }
        String pod = exchange.entrance().inbound().map(Entrance.Inbound::pod).orElse("");
        Authorizer policy = exchange.snapshot().authorizers().get(pod);
        if (policy == null) {
            exchange.accessAllowed("no policy: every workload of the mesh may call it");
            return true;
        }
        return switch (policy.decide(caller.get(), exchange.view(), port(exchange))) {
            case Access.Allowed allowed -> {
                exchange.accessAllowed(allowed.by());
                yield true;
            }
            case Access.Denied denied -> {
                exchange.accessDenied(denied.reason());
                yield exchange.refuse(ErrorCode.ACCESS_DENIED, denied.reason());
            }
        };
    }

    private static int port(Exchange exchange) {
        return exchange.entrance()
                .inbound()
                .map(inbound -> inbound.servicePort().port())
                .orElse(0);
    }
}
