package dev.weft.control.identity;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/**
 * Whom the mesh trusts, and who signs for it. Immutable; a rotation replaces it as a whole.
 *
 * @param anchor that will have signed the issuer when nothing is going on
 * @param next the anchor that takes over, while a rotation is under way
 * @param issuer signs leaves
 */
record Trust(X509Certificate anchor, Optional<CertificateAuthority> next, CertificateAuthority issuer) {

    /** How far a rotation has come. */
    enum Stage {
        /** One anchor; none is on its way. */
        STEADY,
        /** The next anchor is trusted everywhere, and has signed nothing yet. */
        TRUSTED,
        /** The next anchor vouches for everybody; the old one is still trusted. */
        ISSUED
    }

    Stage stage() {
        if (next.isEmpty()) {
            return Stage.STEADY;
        }
        return IdentityFiles.signedBy(issuer.certificate(), next.get().certificate()) ? Stage.ISSUED : Stage.TRUSTED;
    }

    /** All that are trusted; the one that signs now first. */
    List<X509Certificate> anchors() {
        return switch (stage()) {
            case STEADY -> List.of(anchor);
            case TRUSTED -> List.of(anchor, next.orElseThrow().certificate());
            case ISSUED -> List.of(next.orElseThrow().certificate(), anchor);
        };
    }
}
