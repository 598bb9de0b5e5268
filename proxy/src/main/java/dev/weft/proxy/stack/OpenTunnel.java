package dev.weft.proxy.stack;

import dev.weft.http.h1.Target;
import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.traffic.ServicePort;
import dev.weft.proxy.exchange.Entrance;
import dev.weft.proxy.exchange.Exchange;
import dev.weft.proxy.exchange.Station;
import dev.weft.proxy.exchange.Worker;
import dev.weft.proxy.route.RouteTable;
import dev.weft.proxy.tcp.Tunnel;
import java.util.Optional;

/**
 * CONNECT to a service's port: what comes is treated as on an outlet to that port, so a request is a request and the rest an
 * opaque stream. To anything else it is refused: a pod's way out is no way around the mesh.
 */
final class OpenTunnel implements Station {

    @Override
    public boolean pass(Exchange exchange) {
        if (exchange.head().target().form() != Target.Form.AUTHORITY) {
            return true;
        }
        Entrance entrance = exchange.entrance();
        RouteTable routes = exchange.snapshot().routes();
        String namespace = entrance.reporter().namespace();
        Optional<ServicePort> to = routes.servicePort(namespace, exchange.view());
        if (to.isEmpty()) {
            return exchange.refuse(ErrorCode.TUNNEL_REFUSED, routes.unknown(namespace, exchange.view()));
        }
        Worker worker = exchange.worker();
        Entrance inside = entrance.to(to.get(), Stacks.outlet());
        String id = exchange.requestId();
        return exchange.handOver((client, rest) -> Tunnel.open(worker, inside, client, rest, to.get(), id));
    }
}
