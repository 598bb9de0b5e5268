package dev.weft.proxy;

import dev.weft.model.workload.WorkloadCertificate;
import dev.weft.model.workload.WorkloadIdentity;
import java.time.Duration;
import java.util.Optional;
import org.bouncycastle.asn1.x509.GeneralName;

/** What somebody may show in place of a workload's certificate. */
enum Shown {
    TRUE,
    NONE,
    OTHER_AUTHORITY,
    AUTHORITY_OF_THE_SAME_NAME,
    EXPIRED,
    FORGED_BY_A_WORKLOAD,
    OTHER_TRUST_DOMAIN,
    NO_WORKLOAD,
    TWO_WORKLOADS,
    NO_SPIFFE_ID;

    Optional<WorkloadCertificate> by(Authority authority) {
        return by(authority, Scene.workload("hello").identity());
    }

    Optional<WorkloadCertificate> by(Authority authority, WorkloadIdentity whom) {
        Duration life = Duration.ofHours(1);
        String elsewhere = whom.uri().replace("cluster.local", "evil.test");
        return switch (this) {
            case NONE -> Optional.empty();
            case TRUE -> Optional.of(authority.issue(whom));
            case OTHER_AUTHORITY -> Optional.of(new Authority("other").issue(whom));
            case AUTHORITY_OF_THE_SAME_NAME -> Optional.of(new Authority().issue(whom));
            case EXPIRED -> Optional.of(authority.issue(whom, Duration.ofSeconds(-5)));
            case FORGED_BY_A_WORKLOAD ->
                Optional.of(Authority.forgedBy(
                        authority.issue(Scene.workload("somebody").identity()), whom));
            case OTHER_TRUST_DOMAIN -> Optional.of(authority.issue(whom, life, Authority.uri(elsewhere)));
            case NO_WORKLOAD ->
                Optional.of(authority.issue(whom, life, new GeneralName(GeneralName.dNSName, whom.serviceAccount())));
            case TWO_WORKLOADS ->
                Optional.of(authority.issue(whom, life, Authority.uri(whom.uri()), Authority.uri(elsewhere)));
            case NO_SPIFFE_ID ->
                Optional.of(authority.issue(whom, life, Authority.uri(whom.uri().replace("spiffe:", "https:"))));
        };
    }
}
