package dev.weft.proxy.stack;

import dev.weft.http.h1.HeaderName;
import dev.weft.model.workload.WorkloadIdentity;
import dev.weft.proxy.exchange.Exchange;
import dev.weft.proxy.exchange.Station;
import java.util.Optional;

/** Tells the program who calls, as the certificate of the connection says. */
final class ShowCaller implements Station {

    private static final HeaderName CLIENT_ID = HeaderName.of("l5d-client-id");

    @Override
    public boolean pass(Exchange exchange) {
        Optional<WorkloadIdentity> caller = exchange.clientPeer().identity();
        if (caller.isPresent()) {
            exchange.toServer().add(CLIENT_ID, caller.get().uri());
        }
        return true;
    }
}
