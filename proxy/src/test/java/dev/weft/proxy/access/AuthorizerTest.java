package dev.weft.proxy.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.problem.ResourceReference;
import dev.weft.model.traffic.AccessPolicy;
import dev.weft.model.traffic.AccessRule;
import dev.weft.model.traffic.Match;
import dev.weft.model.traffic.PathMatch;
import dev.weft.model.workload.WorkloadIdentity;
import dev.weft.proxy.route.TextHead;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuthorizerTest {

    private static final WorkloadIdentity QUOTE = identity("quote");
    private static final WorkloadIdentity HELLO = identity("hello");
    private static final WorkloadIdentity INTRUDER = identity("intruder");
    private static final TextHead GET = TextHead.get("quote", "/");
    private static final ResourceReference TARGET =
            new ResourceReference("access.smi-spec.io", "TrafficTarget", "default", "quote-access");

    @Test
    void letsInWhomARuleNames() {
        Authorizer authorizer = denying(new AccessRule(TARGET, Set.of(HELLO), List.of()));

        assertThat(authorizer.decide(HELLO, GET, 8080))
                .isEqualTo(new Access.Allowed("TrafficTarget default/quote-access"));
    }

    @Test
    void saysWhomTheRulesNameWhenItRefusesSomebodyElse() {
        Authorizer authorizer = denying(new AccessRule(TARGET, Set.of(HELLO), List.of()));

        assertThat(authorizer.decide(INTRUDER, GET, 8080))
                .isEqualTo(new Access.Denied("no TrafficTarget allows spiffe://cluster.local/ns/default/sa/intruder "
                        + "GET / on service account quote; TrafficTarget default/quote-access allows only "
                        + "spiffe://cluster.local/ns/default/sa/hello"));
    }

    @Test
    void saysWhichRequestsTheRulesAllowWhenItRefusesAnother() {
        Match metrics = new Match(new PathMatch.Regex("/metrics", false), Set.of("GET"), List.of());
        Authorizer authorizer = denying(new AccessRule(TARGET, Set.of(HELLO), List.of(metrics)));

        assertThat(authorizer.decide(HELLO, TextHead.get("quote", "/metrics"), 8080))
                .isInstanceOf(Access.Allowed.class);
        assertThat(authorizer.decide(HELLO, TextHead.get("quote", "/metrics").method("POST"), 8080))
                .isEqualTo(new Access.Denied("no TrafficTarget allows spiffe://cluster.local/ns/default/sa/hello "
                        + "POST /metrics on service account quote; TrafficTarget default/quote-access allows it only "
                        + "GET ~ /metrics (at its start)"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/public/../admin",
                "/public/..",
                "/public/./x",
                "/public/%2e%2E/admin",
                "/public/.%2e/admin",
                "/public/..%2fadmin",
                "/public/x%5C..\\admin"
            })
    void asksNoRuleAboutAPathThatAProgramMayReadDifferently(String path) {
        Match open = new Match(new PathMatch.Regex("/public/", false), Set.of(), List.of());
        Authorizer authorizer = denying(new AccessRule(TARGET, Set.of(HELLO), List.of(open)));

        assertThat(authorizer.decide(HELLO, TextHead.get("quote", path), 8080)).isInstanceOf(Access.Denied.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/public/a..b", "/public/...", "/public/.well-known", "/public/v1.2/", "/public/%2ex"})
    void takesDotsInsideASegmentForWhatTheyAre(String path) {
        Match open = new Match(new PathMatch.Regex("/public/", false), Set.of(), List.of());
        Authorizer authorizer = denying(new AccessRule(TARGET, Set.of(HELLO), List.of(open)));

        assertThat(authorizer.decide(HELLO, TextHead.get("quote", path), 8080)).isInstanceOf(Access.Allowed.class);
    }

    @Test
    void givesThePolicysReasonWhereThereIsNoRule() {
        assertThat(denying().decide(HELLO, GET, 8080))
                .isEqualTo(new Access.Denied("no TrafficTarget allows spiffe://cluster.local/ns/default/sa/hello "
                        + "GET / on service account quote: default-inbound-policy of namespace default is deny"));
    }

    @Test
    void letsEverybodyInWhereThePolicyAllowsWhatNoRuleNames() {
        Authorizer authorizer = Authorizer.of(AccessPolicy.ALLOW_AUTHENTICATED, QUOTE);

        assertThat(authorizer.decide(INTRUDER, GET, 8080))
                .isEqualTo(new Access.Allowed("every workload of the mesh may call it"));
    }

    private static Authorizer denying(AccessRule... rules) {
        return Authorizer.of(
                new AccessPolicy(
                        List.of(rules),
                        AccessPolicy.Unmatched.DENY,
                        "default-inbound-policy of namespace default is deny"),
                QUOTE);
    }

    private static WorkloadIdentity identity(String serviceAccount) {
        return new WorkloadIdentity(WorkloadIdentity.TRUST_DOMAIN, "default", serviceAccount);
    }
}
