package dev.weft.proxy.balance;

import dev.weft.model.traffic.Endpoint;
import java.util.List;

/** Which endpoint a key belongs to. Immutable; made when endpoints change, never for a request. */
sealed interface HashTable permits Ring, MaglevTable {

    /** Which way of hashing. */
    enum Kind {
        RING,
        MAGLEV
    }

    static HashTable of(Kind kind, List<Endpoint> endpoints) {
        return switch (kind) {
            case RING -> Ring.of(endpoints);
            case MAGLEV -> MaglevTable.of(endpoints);
        };
    }

    /**
     * The position of the key's endpoint in the list that the table was made of.
     *
     * @param attempt 0 for the endpoint that the key belongs to, 1 and more for where it goes when that one is not to be
     *     had; the same answer may come twice
     */
    int at(long key, int attempt);

    /** What an endpoint is called in a table. */
    static long name(Endpoint endpoint) {
        return Hash.of(endpoint.address() + ":" + endpoint.port());
    }
}
