package dev.weft.control.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.traffic.AccessPolicy;
import dev.weft.model.traffic.AccessRule;
import dev.weft.model.traffic.Match;
import dev.weft.model.traffic.PathMatch;
import dev.weft.model.traffic.Snapshot;
import dev.weft.model.workload.WorkloadIdentity;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AccessTest {

    private static final String TARGET = """
            apiVersion: access.smi-spec.io/v1alpha3
            kind: TrafficTarget
            metadata: {name: quote-access}
            spec:
              destination: {kind: ServiceAccount, name: quote}
              rules: [{kind: HTTPRouteGroup, name: quote-routes, matches: [get]}]
              sources: [{kind: ServiceAccount, name: hello}]
            """;

    private static final String ROUTES = """
            apiVersion: specs.smi-spec.io/v1alpha4
            kind: HTTPRouteGroup
            metadata: {name: quote-routes}
            spec: {matches: [{name: get, methods: [GET]}, {name: post, methods: [POST]}]}
            """;

    private static final String DENYING = """
            apiVersion: v1
            kind: Namespace
            metadata: {name: default, annotations: {config.linkerd.io/default-inbound-policy: deny}}
            """;

    @Test
    void allowsTheSourcesOfATargetItsMatchesAndNobodyElse() {
        Snapshot snapshot = given().yaml(TARGET).yaml(ROUTES).compile();

        AccessPolicy policy = policy(snapshot, "quote-a");
        assertThat(policy.unmatched()).isEqualTo(AccessPolicy.Unmatched.DENY);
        assertThat(policy.reason())
                .isEqualTo("TrafficTarget default/quote-access decides who may call service account default/quote, "
                        + "and does not allow this");
        assertThat(policy.rules()).singleElement().satisfies(rule -> {
            assertThat(rule.source()).hasToString("TrafficTarget default/quote-access");
            assertThat(rule.clients())
                    .extracting(WorkloadIdentity::uri)
                    .containsExactly("spiffe://cluster.local/ns/default/sa/hello");
            assertThat(rule.matches()).containsExactly(new Match(new PathMatch.Prefix("/"), Set.of("GET"), List.of()));
        });
        assertThat(policy(snapshot, "hello-a")).isEqualTo(AccessPolicy.ALLOW_AUTHENTICATED);
        assertThat(Given.problems(snapshot)).isEmpty();
    }

    @Test
    void deniesWithTheMissingTargetNamedWhereTheNamespaceSaysDeny() {
        AccessPolicy policy = policy(given().yaml(DENYING).compile(), "quote-a");

        assertThat(policy.unmatched()).isEqualTo(AccessPolicy.Unmatched.DENY);
        assertThat(policy.reason())
                .isEqualTo("no TrafficTarget names service account default/quote as its destination, and "
                        + "default-inbound-policy of namespace default is deny");
    }

    @Test
    void letsAPodsAnnotationWinOverItsNamespaces() {
        Snapshot snapshot = given().yaml(DENYING).yaml("""
                        apiVersion: v1
                        kind: Pod
                        metadata: {name: quote-a, annotations: {config.linkerd.io/default-inbound-policy: all-authenticated}}
                        spec: {containers: [{name: a, image: a}]}
                        """).compile();

        assertThat(policy(snapshot, "quote-a")).isEqualTo(AccessPolicy.ALLOW_AUTHENTICATED);
        assertThat(policy(snapshot, "hello-a").unmatched()).isEqualTo(AccessPolicy.Unmatched.DENY);
    }

    @Test
    void allowsNothingWhereTheRouteGroupOrItsMatchIsMissing() {
        Snapshot without = given().yaml(TARGET).compile();
        assertThat(policy(without, "quote-a").rules()).isEmpty();
        assertThat(policy(without, "quote-a").unmatched()).isEqualTo(AccessPolicy.Unmatched.DENY);
        assertThat(Given.problems(without)).containsExactly("""
                TrafficTarget default/quote-access: HTTPRouteGroup "quote-routes" does not exist.
                  Create HTTPRouteGroup quote-routes in namespace default, or correct the name.""");

        Snapshot other =
                given().yaml(TARGET.replace("[get]", "[put]")).yaml(ROUTES).compile();
        assertThat(policy(other, "quote-a").rules())
                .extracting(AccessRule::matches)
                .isEmpty();
        assertThat(Given.problems(other)).containsExactly("""
                TrafficTarget default/quote-access: HTTPRouteGroup quote-routes has no match "put".
                  Name one of get, post.""");
    }

    private static Given given() {
        return new Given().pod("quote", "quote-a", true).pod("hello", "hello-a", true);
    }

    private static AccessPolicy policy(Snapshot snapshot, String pod) {
        return Objects.requireNonNull(snapshot.access().get("default/" + pod));
    }
}
