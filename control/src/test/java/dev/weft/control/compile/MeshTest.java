package dev.weft.control.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.traffic.Backend;
import dev.weft.model.traffic.Endpoint;
import dev.weft.model.traffic.Frontend;
import dev.weft.model.traffic.HeaderMatch;
import dev.weft.model.traffic.Match;
import dev.weft.model.traffic.PathMatch;
import dev.weft.model.traffic.Rule;
import dev.weft.model.traffic.ServicePort;
import dev.weft.model.traffic.Snapshot;
import dev.weft.model.traffic.WeightedBackend;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MeshTest {

    @Test
    void givesEveryServicePortAFrontendAndTheReadyPodsThatItSelects() {
        Snapshot snapshot = new Given()
                .service("quote")
                .pod("quote", "quote-a", true)
                .pod("quote", "quote-b", false)
                .pod("other", "other-a", true)
                .compile();

        Frontend frontend = Given.mesh(snapshot, "default/quote:80");
        assertThat(frontend.hosts()).containsExactly("quote.default.svc.cluster.local");
        assertThat(backends(frontend.rules().getFirst())).containsExactly("default/quote:80=100");
        List<Endpoint> endpoints = Given.group(snapshot, "default/quote:80").endpoints();
        assertThat(endpoints).extracting(Endpoint::toString).containsExactly("quote-a@127.1.0.1:4143");
        assertThat(snapshot.instances()).hasSize(3);
        assertThat(Given.problems(snapshot)).isEmpty();
    }

    @Test
    void findsATargetPortByNameAndSaysWhereNoPodDeclaresIt() {
        Snapshot snapshot = new Given().yaml("""
                        apiVersion: v1
                        kind: Service
                        metadata: {name: quote}
                        spec:
                          selector: {app: quote}
                          ports: [{name: web, port: 80, targetPort: http}, {name: admin, port: 81, targetPort: 9999}]
                        """).pod("quote", "quote-a", true).compile();

        assertThat(Given.group(snapshot, "default/quote:80").endpoints()).hasSize(1);
        assertThat(Given.group(snapshot, "default/quote:81").endpoints()).isEmpty();
        assertThat(Given.problems(snapshot)).containsExactly("""
                Service default/quote: pod quote-a declares no port 9999.
                  Declare it under the container's ports, or correct targetPort.""");
    }

    @Test
    void dividesTheRootsRequestsByWeight() {
        Snapshot snapshot = split("backends: [{service: quote-v1, weight: 90}, {service: quote-v2, weight: 10}]");

        Frontend root = Given.mesh(snapshot, "default/quote:80");
        assertThat(root.rules()).hasSize(1);
        assertThat(root.rules().getFirst().name()).isEqualTo("TrafficSplit default/quote");
        assertThat(backends(root.rules().getFirst()))
                .containsExactly("default/quote-v1:80=90", "default/quote-v2:80=10");
        assertThat(backends(Given.mesh(snapshot, "default/quote-v1:80").rules().getFirst()))
                .containsExactly("default/quote-v1:80=100");
    }

    @Test
    void takesTheRootAmongTheLeavesForItsOwnEndpoints() {
        Snapshot snapshot = split("backends: [{service: quote, weight: 500m}, {service: quote-v2, weight: 1}]");

        assertThat(backends(Given.mesh(snapshot, "default/quote:80").rules().getFirst()))
                .containsExactly("default/quote:80=500", "default/quote-v2:80=1000");
    }

    @Test
    void namesABackendThatHasNoServiceAndLetsItsShareFail() {
        Snapshot snapshot = split("backends: [{service: quote-v1, weight: 90}, {service: quote-v3, weight: 10}]");

        assertThat(Given.problems(snapshot)).containsExactly("""
                TrafficSplit default/quote: backend "quote-v3" has no Service.
                  Create Service quote-v3 in namespace default. Did you mean quote-v1? Or remove it from spec.backends.""");
        assertThat(Given.mesh(snapshot, "default/quote:80")
                        .rules()
                        .getFirst()
                        .backends()
                        .get(1))
                .isEqualTo(new WeightedBackend(
                        new Backend.Invalid(
                                "default/quote-v3:80", "TrafficSplit quote names quote-v3, which is no Service."),
                        10));
    }

    @Test
    void dividesOnlyWhatMatchesAndLeavesTheRestToTheRoot() {
        Snapshot snapshot = split("""
                backends: [{service: quote-v2, weight: 1}]
                  matches: [{kind: HTTPRouteGroup, name: firefox}]
                ---
                apiVersion: specs.smi-spec.io/v1alpha4
                kind: HTTPRouteGroup
                metadata: {name: firefox}
                spec: {matches: [{name: agent, pathRegex: /a, methods: ["*"], headers: {User-Agent: "Firefox"}}]}
                """);

        List<Rule> rules = Given.mesh(snapshot, "default/quote:80").rules();
        assertThat(rules).hasSize(2);
        assertThat(rules.get(0).matches())
                .containsExactly(new Match(
                        new PathMatch.Regex("/a", false),
                        Set.of(),
                        List.of(new HeaderMatch.Regex("user-agent", "(?s).*(?:Firefox).*"))));
        assertThat(rules.get(1).matches()).isEmpty();
        assertThat(backends(rules.get(1))).containsExactly("default/quote:80=100");
    }

    @Test
    void letsTheOlderOfTwoSplitsWinAndTellsTheOther() {
        Snapshot snapshot = new Given()
                .service("quote")
                .service("quote-v1")
                .yaml(splitYaml("a", "backends: [{service: quote-v1, weight: 1}]"))
                .yaml(splitYaml("b", "backends: [{service: quote, weight: 1}]"))
                .compile();

        assertThat(Given.mesh(snapshot, "default/quote:80").rules())
                .extracting(Rule::name)
                .containsExactly("TrafficSplit default/a");
        assertThat(Given.problems(snapshot)).containsExactly("""
                TrafficSplit default/b: TrafficSplit default/a is older and divides "quote" already.
                  Delete one of the two, or give this one spec.matches.""");
    }

    @Test
    void sendsTheRequestsOfAKnativeRouteToItsRevisions() {
        Snapshot snapshot = knative("{latestRevision: true, revisionName: hello-00002, percent: 80},"
                        + " {revisionName: hello-00001, percent: 20, tag: old}")
                .compile();

        Rule main = Given.mesh(snapshot, "default/hello:80").rules().getLast();
        assertThat(backends(main)).containsExactly("default/hello-00002:80=80", "default/hello-00001:80=20");
        assertThat(main.timeouts().request()).isEqualTo(Duration.ofMinutes(2));
        assertThat(backends(Given.mesh(snapshot, "default/old-hello:80").rules().getFirst()))
                .containsExactly("default/hello-00001:80=100");
        assertThat(Given.group(snapshot, "default/hello-00001:80").activatable())
                .isTrue();
        assertThat(Given.group(snapshot, "default/hello-00001:80").concurrencyPerEndpoint())
                .isEqualTo(7);
        assertThat(Given.edge(snapshot, "hello.default.localhost").hosts())
                .containsExactly("hello.default.example.com", "hello.default.localhost");
        assertThat(Given.edge(snapshot, "old-hello.default.example.com")
                        .rules()
                        .getFirst()
                        .backends())
                .containsExactly(
                        new WeightedBackend(new Backend.Delegate(ServicePort.parse("default/old-hello:80")), 100));
        assertThat(snapshot.edge()).extracting(listener -> listener.name()).containsExactly("http-8080");
    }

    @Test
    void knowsTheNameOfAKnativeRouteBeforeItsFirstRevisionIsReady() {
        Snapshot snapshot = knative("").compile();

        assertThat(backends(Given.mesh(snapshot, "default/hello:80").rules().getFirst()))
                .containsExactly("!default/hello:80=100");
        assertThat(Given.edge(snapshot, "hello.default.localhost").name()).isEqualTo("hello.default.example.com");
    }

    static Given knative(String traffic) {
        Given given = new Given();
        for (String revision : List.of("hello-00001", "hello-00002")) {
            given.yaml("""
                    apiVersion: serving.knative.dev/v1
                    kind: Revision
                    metadata: {name: %1$s}
                    spec: {containerConcurrency: 7, timeoutSeconds: 120, containers: [{image: hello}]}
                    ---
                    apiVersion: v1
                    kind: Service
                    metadata: {name: %1$s, labels: {serving.knative.dev/revision: %1$s}}
                    spec: {selector: {serving.knative.dev/revision: %1$s}, ports: [{port: 80, targetPort: 8080}]}
                    """.formatted(revision));
        }
        return given.yaml("""
                        apiVersion: serving.knative.dev/v1
                        kind: Route
                        metadata: {name: hello}
                        spec: {traffic: [{latestRevision: true, percent: 100}]}
                        """)
                .status(dev.weft.resources.Kinds.ROUTE, "default", "hello", "{traffic: [" + traffic + "]}");
    }

    private static Snapshot split(String rest) {
        return new Given()
                .service("quote")
                .service("quote-v1")
                .service("quote-v2")
                .yaml(splitYaml("quote", rest))
                .compile();
    }

    private static String splitYaml(String name, String rest) {
        return """
                apiVersion: split.smi-spec.io/v1alpha1
                kind: TrafficSplit
                metadata: {name: %s}
                spec:
                  service: quote
                  %s
                """.formatted(name, rest);
    }

    static List<String> backends(Rule rule) {
        return rule.backends().stream()
                .map(weighted -> switch (weighted.backend()) {
                    case Backend.Service(ServicePort port) -> port + "=" + weighted.weight();
                    case Backend.Delegate(ServicePort port) -> "->" + port + "=" + weighted.weight();
                    case Backend.Invalid(String name, String _) -> "!" + name + "=" + weighted.weight();
                })
                .toList();
    }
}
