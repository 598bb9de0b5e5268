package dev.weft.proxy.stack;

import dev.weft.model.outcome.ErrorCode;
import dev.weft.proxy.exchange.Entrance;
import dev.weft.proxy.exchange.Exchange;
import dev.weft.proxy.exchange.Station;
import java.util.Optional;

/** The listener itself says where the request goes: inbound, or to a pod by its address. */
final class ToApplication implements Station {

    @Override
    public boolean pass(Exchange exchange) {
        Optional<Entrance.Inbound> inbound = exchange.entrance().inbound();
        return inbound.isPresent()
                ? exchange.toApplication(inbound.get())
                : exchange.refuse(ErrorCode.INTERNAL, "An inbound listener leads nowhere.");
    }
}
