package dev.weft.model.outcome;

import dev.weft.model.workload.WorkloadIdentity;
import java.util.Optional;

/**
 * The other end of a connection, as its certificate and handshake showed it.
 *
 * @param address numeric {@code address:port}
 * @param identity the SPIFFE identity in the certificate that the peer presented; empty without one
 * @param tlsVersion for example {@code TLSv1.3}; empty for clear text
 * @param cipher for example {@code TLS_AES_128_GCM_SHA256}; empty for clear text
 * @param keyExchange the group that the key was agreed in, for example {@code X25519MLKEM768}; empty for clear text and
 *     where it is not known
 */
public record Peer(
        String address, Optional<WorkloadIdentity> identity, String tlsVersion, String cipher, String keyExchange) {

    /** Nobody yet, or nobody any more. */
    public static final Peer NOBODY = clear("");

    /** Someone who showed nothing but an address. */
    public static Peer clear(String address) {
        return new Peer(address, Optional.empty(), "", "", "");
    }

    public boolean secured() {
        return !tlsVersion.isEmpty();
    }
}
