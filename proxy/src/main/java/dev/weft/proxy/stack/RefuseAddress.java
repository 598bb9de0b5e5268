package dev.weft.proxy.stack;

import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.policy.AddressRange;
import dev.weft.model.policy.AddressRules;
import dev.weft.proxy.exchange.Exchange;
import dev.weft.proxy.exchange.Station;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/** Serves the addresses that the edge serves. Where that is everybody, one comparison. */
final class RefuseAddress implements Station {

    @Override
    public boolean pass(Exchange exchange) {
        AddressRules rules = exchange.snapshot().snapshot().edgeRules().addresses();
        if (rules.refusesNobody()) {
            return true;
        }
        String client = exchange.clientAddress();
        boolean listed = among(rules.peers(), exchange.peerAddress()) || among(rules.clients(), client);
        boolean known = parsed(client).isPresent(); // what a proxy in front says may be no address
        return (listed == rules.allow() && known)
                || exchange.refuse(ErrorCode.ADDRESS_REFUSED, "The edge does not serve " + client + ".");
    }

    private static boolean among(List<AddressRange> ranges, String address) {
        if (ranges.isEmpty()) {
            return false;
        }
        Optional<InetAddress> parsed = parsed(address);
        return parsed.isPresent() && ranges.stream().anyMatch(range -> range.contains(parsed.get()));
    }

    private static Optional<InetAddress> parsed(String address) {
        try {
            return Optional.of(InetAddress.ofLiteral(address));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
