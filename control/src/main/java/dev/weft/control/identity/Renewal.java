package dev.weft.control.identity;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;

/** When a workload's certificate is renewed: at 65 to 70 % of its life, so that those made together are not renewed together. */
public final class Renewal {

    private static final double LATEST = 0.7;
    private static final double SPREAD = 0.05;

    private Renewal() {}

    /** Always the same for the same certificate. */
    public static Instant due(X509Certificate leaf) {
        Instant from = leaf.getNotBefore().toInstant().plus(CertificateAuthority.CLOCK_SKEW);
        Duration life = Duration.between(from, leaf.getNotAfter().toInstant());
        double share = LATEST - SPREAD * (leaf.getSerialNumber().hashCode() & 0xff) / 0xff;
        return from.plusMillis((long) (life.toMillis() * share));
    }
}
