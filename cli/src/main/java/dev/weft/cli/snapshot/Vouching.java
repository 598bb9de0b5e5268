package dev.weft.cli.snapshot;

import dev.weft.control.identity.Revocations;
import dev.weft.model.workload.Revocation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who is trusted and who signs now.
 *
 * @param anchors PEM
 * @param issuer PEM; empty when the issuer never changes
 * @param revoked as {@link Revocations#text} writes it; absent where the platform is of a version that revokes nothing
 */
record Vouching(String anchors, String issuer, @Nullable String revoked) {

    List<Revocation> revocations() {
        return revoked == null ? List.of() : Revocations.parse(revoked);
    }
}
