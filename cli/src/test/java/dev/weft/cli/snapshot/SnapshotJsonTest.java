package dev.weft.cli.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.model.policy.AddressRange;
import dev.weft.model.policy.AddressRules;
import dev.weft.model.policy.Balancing;
import dev.weft.model.policy.CircuitBreaking;
import dev.weft.model.policy.ClientLimits;
import dev.weft.model.policy.ConnectionLimits;
import dev.weft.model.policy.HeadLimits;
import dev.weft.model.policy.RateLimit;
import dev.weft.model.policy.RetryPolicy;
import dev.weft.model.policy.RouteTraffic;
import dev.weft.model.policy.Timeouts;
import dev.weft.model.policy.TrafficPolicy;
import dev.weft.model.problem.ResourceReference;
import dev.weft.model.traffic.AccessPolicy;
import dev.weft.model.traffic.AccessRule;
import dev.weft.model.traffic.Backend;
import dev.weft.model.traffic.EdgeListener;
import dev.weft.model.traffic.EdgeRules;
import dev.weft.model.traffic.Endpoint;
import dev.weft.model.traffic.EndpointGroup;
import dev.weft.model.traffic.Fault;
import dev.weft.model.traffic.Frontend;
import dev.weft.model.traffic.HeaderMatch;
import dev.weft.model.traffic.Match;
import dev.weft.model.traffic.PathMatch;
import dev.weft.model.traffic.QueryMatch;
import dev.weft.model.traffic.RouteFilter;
import dev.weft.model.traffic.Rule;
import dev.weft.model.traffic.ServerCertificate;
import dev.weft.model.traffic.ServicePort;
import dev.weft.model.traffic.Snapshot;
import dev.weft.model.traffic.StrictTransport;
import dev.weft.model.traffic.TlsPolicy;
import dev.weft.model.traffic.WeightedBackend;
import dev.weft.model.workload.Instance;
import dev.weft.model.workload.Workload;
import dev.weft.model.workload.WorkloadIdentity;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SnapshotJsonTest {

    private static final AddressRange RANGE = AddressRange.parse("10.0.0.0/8");
    private static final ServicePort QUOTE = ServicePort.parse("default/quote:80");
    private static final ResourceReference SOURCE = new ResourceReference("", "Service", "default", "quote");
    private static final WorkloadIdentity IDENTITY =
            new WorkloadIdentity(WorkloadIdentity.TRUST_DOMAIN, "default", "quote");

    @Test
    void readsBackWhatItWrote() {
        assertThat(SnapshotJson.read(SnapshotJson.write(everything(), SnapshotJson.Keys.INCLUDED)))
                .isEqualTo(everything());
    }

    @Test
    void writesOneLine() {
        assertThat(SnapshotJson.write(everything(), SnapshotJson.Keys.INCLUDED)).doesNotContain("\n");
    }

    @Test
    void leavesPrivateKeysOutWhereTheyAreNotAskedFor() {
        assertThat(SnapshotJson.write(everything(), SnapshotJson.Keys.LEFT_OUT))
                .contains("the chain")
                .doesNotContain("the key");
    }

    @Test
    void refusesALineThatIsNoSnapshot() {
        assertThatThrownBy(() -> SnapshotJson.read("{\"version\": 1}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("snapshot: ");
        assertThatThrownBy(() -> SnapshotJson.read("<html>")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void readsWhatAPlatformWroteThatSaidNothingOfHeadsInTheMesh() {
        String all = SnapshotJson.write(everything(), SnapshotJson.Keys.INCLUDED);
        String before = all.replaceFirst(",\"meshHeads\":\\{[^}]*}", "");
        assertThat(before).isNotEqualTo(all);
        assertThat(SnapshotJson.read(before).meshHeads()).isEmpty();
    }

    @Test
    void showsAnEdgeOfItsOwnWithoutPods() {
        Snapshot view = new EdgeView(0, 9443).apply(everything());

        assertThat(view.edge()).extracting(EdgeListener::port).containsExactly(9443);
        assertThat(view.instances()).isEmpty();
        assertThat(view.edgeFrontends()).isEqualTo(everything().edgeFrontends());
    }

    /** One of each kind of thing. */
    static Snapshot everything() {
        Match match = new Match(
                new PathMatch.Regex("/v[0-9]", false),
                Set.of("GET"),
                List.of(
                        new HeaderMatch.Exact("a", "1"),
                        new HeaderMatch.Regex("b", ".*"),
                        new HeaderMatch.Present("c")),
                List.of(new QueryMatch.Exact("q", "1"), new QueryMatch.Regex("r", ".*")));
        RateLimit limit = new RateLimit(
                SOURCE,
                100,
                10,
                List.of(new RateLimit.CallerRate(Set.of(IDENTITY), 20)),
                Optional.of(new RateLimit.PerHeader("x-key", 5, Map.of("gold", 50))));
        Rule rule = new Rule(
                "rule",
                SOURCE,
                List.of(
                        match,
                        new Match(new PathMatch.Exact("/e"), Set.of(), List.of()),
                        new Match(new PathMatch.Prefix("/p"), Set.of(), List.of()),
                        new Match(new PathMatch.ElementPrefix("/ep"), Set.of(), List.of())),
                List.of(
                        new RouteFilter.SetRequestHeader("a", "1"),
                        new RouteFilter.AddRequestHeader("a", "2"),
                        new RouteFilter.RemoveRequestHeader("b"),
                        new RouteFilter.SetResponseHeader("a", "1"),
                        new RouteFilter.AddResponseHeader("a", "2"),
                        new RouteFilter.RemoveResponseHeader("b"),
                        new RouteFilter.RewritePrefix("/a", "/b"),
                        new RouteFilter.RewriteHost("h"),
                        new RouteFilter.Redirect(301, "https", "", "/r"),
                        new RouteFilter.RewriteRegex("a", "b"),
                        new RouteFilter.Cors(List.of("o"), List.of("GET"), List.of(), List.of("x"), true, "60"),
                        new RouteFilter.Mirror(QUOTE, 50),
                        new RouteFilter.LimitRate(limit),
                        new RouteFilter.LimitBody(7),
                        new RouteFilter.InjectFault(new Fault(
                                SOURCE,
                                List.of(new HeaderMatch.Exact("x", "y")),
                                Set.of(IDENTITY),
                                500,
                                Duration.ofMillis(20),
                                0,
                                Optional.of(new Fault.Answer(200, "text/plain", "hi"))))),
                List.of(
                        new WeightedBackend(new Backend.Service(QUOTE), 90),
                        new WeightedBackend(new Backend.Delegate(QUOTE), 10),
                        new WeightedBackend(new Backend.Invalid("v2", "no Service v2"), 0)),
                Timeouts.ofRequest(Duration.ofMillis(1500)).withIdle(Duration.ofSeconds(7)),
                new RetryPolicy(2, RetryPolicy.SAFE, Set.of(503), Set.of(14), new RetryPolicy.Budget(30, 5)),
                new RouteTraffic(
                        Optional.of(new Balancing.RingHash(
                                new Balancing.HashKey.Cookie("c", "/", Optional.of(Duration.ofHours(1))))),
                        new ConnectionLimits(1, 2, 3, 4)));
        Frontend frontend = new Frontend("quote", SOURCE, List.of("quote", "*.quote"), List.of(rule));
        Workload workload = new Workload("default", "quote-1", "quote", "Deployment", IDENTITY);
        return new Snapshot(
                42,
                List.of(
                        new EdgeListener(
                                "http",
                                SOURCE,
                                "127.0.0.1",
                                8080,
                                false,
                                List.of(),
                                List.of(),
                                true,
                                1,
                                2,
                                List.of(RANGE)),
                        new EdgeListener(
                                "https",
                                SOURCE,
                                "127.0.0.1",
                                8443,
                                true,
                                List.of(new ServerCertificate(
                                        "*",
                                        "the chain",
                                        "the key",
                                        new TlsPolicy(
                                                TlsPolicy.Clients.REQUIRED,
                                                "authorities",
                                                "revoked",
                                                TlsPolicy.Version.TLS_1_2,
                                                TlsPolicy.Version.TLS_1_3,
                                                List.of("a cipher"),
                                                List.of("h2")))))),
                List.of(frontend),
                Map.of(QUOTE, frontend),
                Map.of(
                        QUOTE,
                        new EndpointGroup(
                                QUOTE,
                                List.of(
                                        new Endpoint("127.1.0.1", 4143, Optional.of(workload), Endpoint.Transport.MESH),
                                        new Endpoint("db", 443, Optional.empty(), Endpoint.Transport.TLS)),
                                true,
                                3,
                                new TrafficPolicy(
                                        new Balancing.Maglev(new Balancing.HashKey.SourceAddress()),
                                        Duration.ofSeconds(30),
                                        TrafficPolicy.Zones.CLOSE,
                                        CircuitBreaking.CONSECUTIVE,
                                        ConnectionLimits.EMISSARY,
                                        true),
                                List.of("a", ""))),
                List.of(new Instance(
                        workload,
                        Map.of("app", "quote"),
                        "127.1.0.1",
                        4140,
                        List.of(new Instance.Port("http", 8080, 4143, "127.0.0.1", 40001)),
                        true)),
                Map.of(
                        "default/quote-1",
                        new AccessPolicy(
                                List.of(new AccessRule(SOURCE, Set.of(IDENTITY), List.of(match))),
                                AccessPolicy.Unmatched.DENY,
                                "because")),
                Map.of("default/quote-1", List.of(limit)),
                EdgeRules.DEFAULT
                        .with(new EdgeRules.Heads(
                                EdgeRules.Underscores.DROP, EdgeRules.EscapedSlashes.REDIRECT, true, 1, 2, 3))
                        .with(ClientLimits.DEFAULT.withBodyBytesMax(7))
                        .with(new AddressRules(true, List.of(RANGE), List.of()))
                        .with("weft", List.of(new StrictTransport("*", "max-age=1"))),
                List.of(),
                Optional.of(new HeadLimits(5_000, 500, 50)));
    }
}
