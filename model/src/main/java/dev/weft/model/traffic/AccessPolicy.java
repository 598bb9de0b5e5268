package dev.weft.model.traffic;

import java.util.List;

/**
 * Who may call one pod. Enforced where its connections are accepted, with the identity in the caller's certificate.
 *
 * @param unmatched what happens to a request that no rule allows
 * @param reason why {@code unmatched} is what it is, and which resource is missing, for the refusal's text; for
 *     example {@code no TrafficTarget allows it; default-inbound-policy of namespace default is deny}
 */
public record AccessPolicy(List<AccessRule> rules, Unmatched unmatched, String reason) {

    public static final AccessPolicy ALLOW_AUTHENTICATED =
            new AccessPolicy(List.of(), Unmatched.ALLOW, "every workload of the mesh may call it");

    public enum Unmatched {
        ALLOW,
        DENY
    }

    public AccessPolicy {
        rules = List.copyOf(rules);
    }
}
