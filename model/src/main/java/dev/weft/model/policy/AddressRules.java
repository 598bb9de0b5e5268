package dev.weft.model.policy;

import java.util.List;

/**
 * Which addresses the edge serves.
 *
 * @param allow whether those listed are the only ones served; else they are the only ones refused
 * @param peers whoever is at the other end of the connection, whatever proxies in front say
 * @param clients whoever the proxies in front that are believed say asks; else the peer
 */
public record AddressRules(boolean allow, List<AddressRange> peers, List<AddressRange> clients) {

    /** Everybody is served. */
    public static final AddressRules NONE = new AddressRules(false, List.of(), List.of());

    public AddressRules {
        peers = List.copyOf(peers);
        clients = List.copyOf(clients);
    }

    public boolean refusesNobody() {
        return !allow && peers.isEmpty() && clients.isEmpty();
    }
}
